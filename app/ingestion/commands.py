"""Loading one file or folder from end to end, with true counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.ingestion.build import Built, Parts, build
from app.ingestion.documents import read_documents
from app.ingestion.ledger import Load
from app.ingestion.products import read_products
from app.ingestion.progress import Report, silent
from retrievers.catalogue import DocumentType

_ERRORS_KEPT = 20
OpenParts = Callable[[], Parts]  # called only once there is something to load: opening costs seconds


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What was read and what came of it; `built` is None when there was nothing to load."""

    rows: int
    rejected: int
    errors: tuple[str, ...]  # the first twenty
    notes: tuple[str, ...]
    built: Built | None
    dropped_sentences: int = 0  # that gave instructions or had no business in such a text

    @property
    def nothing_loadable(self) -> bool:
        """Whether every row was rejected. Rows older than `since` are fine as they are."""
        return self.built is None and self.rejected == self.rows

    def as_json(self) -> dict[str, int | str | list[str] | None]:
        changes = self.built.changes if self.built else None
        return {
            "rows": self.rows,
            "added": changes.added if changes else 0,
            "changed": changes.changed if changes else 0,
            "unchanged": changes.unchanged if changes else 0,
            "deleted": changes.deleted if changes else 0,
            "embedded": self.built.embedded if self.built else 0,
            "rejected": self.rejected,
            "dropped_sentences": self.dropped_sentences,
            "errors": list(self.errors),
            "generation": self.built.generation if self.built else None,
        }


def ingest_products(
    parts: OpenParts, path: Path, maps: Iterable[str] = (), currency: str = "USD", report: Report = silent
) -> IngestReport:
    """Makes the file the catalogue: products absent from it are deleted. Raises IngestError."""
    file = read_products(path, maps, currency, report)
    spared = [row.key for row in file.rejected if row.key]
    load = Load(DocumentType.PRODUCT, file.products, spared=spared)
    built = build(parts(), [load], report) if file.products else None
    return IngestReport(file.rows, len(file.rejected), _first(file.rejected), file.notes, built, file.dropped_sentences)


def ingest_documents(
    parts: OpenParts, path: Path, kind: DocumentType, since: datetime | None = None, report: Report = silent
) -> IngestReport:
    """Loads documents of one type; those loaded from this path before and absent now are deleted, unless `since`.

    Raises IngestError.
    """
    files = read_documents(path, kind, since, report)
    spared = [row.key for row in files.rejected if row.key]
    load = Load(kind, files.documents, str(path.resolve()), spared, partial=since is not None)
    built = build(parts(), [load], report) if files.documents else None
    notes = (f"{files.skipped} documents are older than --since and were left as they are",) if files.skipped else ()
    return IngestReport(files.rows, len(files.rejected), _first(files.rejected), notes, built, files.dropped_sentences)


def _first(rejected: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(row) for row in rejected[:_ERRORS_KEPT])
