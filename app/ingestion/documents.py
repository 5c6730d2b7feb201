"""Documents from a file or a folder: Markdown, text, HTML, PDF, and tables with one document a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.ingestion import values
from app.ingestion.columns import ColumnMap, map_columns
from app.ingestion.errors import IngestError
from app.ingestion.files import format_of
from app.ingestion.pages import PAGE_FORMATS, read_page
from app.ingestion.progress import Report, silent
from app.ingestion.tables import BadRow, Row, read_table
from retrievers.catalogue import Document, DocumentType
from retrievers.sanitising.records import RecordSanitiser

_TABLE_FORMATS = frozenset((".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet"))


@dataclass(frozen=True, slots=True)
class Rejected:
    file: str
    row: BadRow

    @property
    def key(self) -> str | None:
        return self.row.key

    def __str__(self) -> str:
        return f"{self.file}, {self.row}" if self.row.line else f"{self.file}: {self.row.reason}"


@dataclass(frozen=True, slots=True)
class DocumentFiles:
    documents: tuple[Document, ...]
    rejected: tuple[Rejected, ...]
    skipped: int  # older than `since`
    dropped_sentences: int  # with instructions or requests that have no business in such a text

    @property
    def rows(self) -> int:
        return len(self.documents) + len(self.rejected) + self.skipped


def read_documents(
    path: Path, kind: DocumentType, since: datetime | None = None, report: Report = silent
) -> DocumentFiles:
    """Documents of one type; ids are the files' names below `path`, or the rows' own. Raises IngestError.

    With `since`, only what was changed at or after it; a row without a time of its own counts as changed.
    """
    files = _files(path)
    found: list[Document | Rejected] = []
    sanitiser = RecordSanitiser(kind)
    for done, file in enumerate(files, 1):
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        found.extend(_read_file(file, name, kind, sanitiser, lone=len(files) == 1))
        report("reading", done, len(files))
    documents = {document.document_id: document for document in found if isinstance(document, Document)}
    recent = tuple(document for document in documents.values() if _is_recent(document, since))
    rejected = tuple(item for item in found if isinstance(item, Rejected)) + tuple(_repeated(found, documents))
    return DocumentFiles(recent, rejected, len(documents) - len(recent), sanitiser.dropped)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise IngestError(f"{path}: no such file or folder")
    known = PAGE_FORMATS | _TABLE_FORMATS
    if path.is_dir():
        files = sorted(
            f for f in path.rglob("*") if f.is_file() and format_of(f) in known and not f.name.startswith(".")
        )
        if not files:
            raise IngestError(f"{path} holds no document; known are {', '.join(sorted(known))}")
        return files
    if format_of(path) not in known:
        raise IngestError(f"{path}: unknown kind of file; known are {', '.join(sorted(known))}, each also as .gz")
    return [path]


def _read_file(
    file: Path, name: str, kind: DocumentType, sanitiser: RecordSanitiser, lone: bool
) -> Iterator[Document | Rejected]:
    """In a folder one unreadable file is a rejected one; alone it is an error."""
    try:
        if format_of(file) in _TABLE_FORMATS:
            yield from _read_rows(file, name, kind, sanitiser)
        else:
            yield _read_page(file, name, kind, sanitiser)
    except IngestError as error:
        if lone:
            raise
        yield Rejected(name, BadRow(0, str(error), name))


def _read_page(file: Path, name: str, kind: DocumentType, sanitiser: RecordSanitiser) -> Document:
    page = read_page(file)
    text = sanitiser.text(page.text)
    if not text:
        raise IngestError(f"{file} holds {_no_text(page.text)}")
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Document(
        document_id=name,
        type=kind,
        title=page.title,
        text=text,
        source=name,
        lang=_language(name),
        updated_at=changed,
    )


def _language(name: str) -> str:
    """`returns.ko.md` is Korean; without such a mark English is assumed."""
    return "ko" if ".ko." in name or name.startswith("ko/") or "/ko/" in name else "en"


def _read_rows(file: Path, name: str, kind: DocumentType, sanitiser: RecordSanitiser) -> Iterator[Document | Rejected]:
    table = read_table(file)
    columns = map_columns("document", table.columns, ())
    if table.rows and not columns.has("text"):
        raise IngestError(f"{file} has no column for the text; columns are {', '.join(table.columns)}")
    yield from (Rejected(name, bad) for bad in table.bad)
    yield from (_row_document(row, columns, name, kind, sanitiser) for row in table.rows)


def _row_document(
    row: Row, columns: ColumnMap, name: str, kind: DocumentType, sanitiser: RecordSanitiser
) -> Document | Rejected:
    key = _optional(columns, "document_id", row.values, values.identifier) or f"{name}:{row.line}"
    body = _optional(columns, "text", row.values, str) or ""
    try:
        return Document(
            document_id=key,
            type=kind,
            title=_optional(columns, "title", row.values, values.text) or "",
            text=sanitiser.text(body).strip(),
            source=_optional(columns, "source", row.values, str) or name,
            product_id=_optional(columns, "product_id", row.values, values.identifier),
            rating=_optional(columns, "rating", row.values, values.number),
            lang=_optional(columns, "lang", row.values, str) or "en",
            updated_at=_optional(columns, "updated_at", row.values, values.moment),
        )
    except ValidationError as error:
        field = error.errors()[0]["loc"][0]
        reason = _no_text(body) if field == "text" else f"{field}: {error.errors()[0]['msg'].lower()}"
        return Rejected(name, BadRow(row.line, reason, key))
    except ValueError as error:
        return Rejected(name, BadRow(row.line, f"rating is {error}", key))


def _no_text(body: str) -> str:
    return "nothing but instructions or requests" if body.strip() else "no text"


def _optional(columns: ColumnMap, field: str, row: Mapping[str, Any], parse: Callable[[Any], Any]) -> Any:
    found = columns.value(field, row)
    return None if found is None else parse(found[0])


def _is_recent(document: Document, since: datetime | None) -> bool:
    return since is None or document.updated_at is None or document.updated_at >= since


def _repeated(found: list[Document | Rejected], kept: Mapping[str, Document]) -> Iterator[Rejected]:
    for document in found:
        if isinstance(document, Document) and kept[document.document_id] is not document:
            reason = f"duplicate id {document.document_id!r}, replaced by a later one"
            yield Rejected(document.source, BadRow(0, reason, document.document_id))
