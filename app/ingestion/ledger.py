"""What was loaded, from where, and its vectors: the truth a generation is built from."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.ingestion.errors import IngestError
from app.ingestion.points import Record
from retrievers.catalogue import Document, DocumentType, Product
from retrievers.index.protocol import Vector

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    type TEXT NOT NULL, id TEXT NOT NULL, origin TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (type, id)
);
CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, dense BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Records of one type from one origin. What came from there before and is absent now is deleted.

    `spared` ids are not deleted: their rows are in the file but could not be read. `partial` deletes nothing.
    """

    type: DocumentType
    records: Sequence[Record]
    origin: str = "catalogue"
    spared: Collection[str] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
        )


class Ledger:
    """One transaction, begun by `open_ledger`; nothing is kept unless its block ends well."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def apply(self, load: Load) -> Changes:
        """Replaces what came from this origin. An empty load deletes nothing: an empty file is a mistake."""
        before = dict(self._db.execute("SELECT id, hash FROM record WHERE type = ?", (load.type,)))
        after = {record_id(record): record for record in load.records}
        hashes = {key: content_hash(record) for key, record in after.items()}
        rows = [(load.type, key, load.origin, hashes[key], record.model_dump_json()) for key, record in after.items()]
        self._db.executemany("REPLACE INTO record VALUES (?, ?, ?, ?, ?)", rows)
        added = len(after.keys() - before.keys())
        unchanged = sum(before.get(key) == digest for key, digest in hashes.items())
        return Changes(added, len(after) - added - unchanged, unchanged, self._delete(load, after.keys()))

    def records(self) -> list[Record]:
        """Everything loaded, of every type, in an order that does not depend on when it was loaded."""
        rows = self._db.execute("SELECT type, body FROM record ORDER BY type, id")
        return [_record(DocumentType(kind), body) for kind, body in rows]

    def vectors(self) -> dict[str, Vector]:
        """Every stored vector by key."""
        rows = self._db.execute("SELECT key, dense FROM vector")
        return {key: np.frombuffer(dense, dtype=np.float32) for key, dense in rows}

    def keep_vectors(self, fresh: Mapping[str, Vector], wanted: Collection[str]) -> None:
        """Adds what was embedded, and forgets vectors nothing uses any more."""
        rows = ((key, vector.astype(np.float32).tobytes()) for key, vector in fresh.items())
        self._db.executemany("REPLACE INTO vector VALUES (?, ?)", rows)
        stored = {key for (key,) in self._db.execute("SELECT key FROM vector")}
        self._db.executemany("DELETE FROM vector WHERE key = ?", ((key,) for key in stored - set(wanted)))

    def _delete(self, load: Load, present: Collection[str]) -> int:
        if load.partial or not present:
            return 0
        held = self._db.execute("SELECT id FROM record WHERE type = ? AND origin = ?", (load.type, load.origin))
        gone = {key for (key,) in held} - set(present) - set(load.spared)
        self._db.executemany("DELETE FROM record WHERE type = ? AND id = ?", ((load.type, key) for key in gone))
        return len(gone)


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """Alone on this ledger until the block ends. Raises IngestError when another load is running."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0.2)) as connection:
        try:
            connection.executescript("PRAGMA journal_mode = WAL;" + _SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise IngestError(f"another load is writing to {path.parent}; try again when it is done") from None
            raise IngestError(f"{path} cannot be written ({error}); give a directory of your own with --data") from None
        except sqlite3.DatabaseError as error:
            raise IngestError(f"{path} is not a ledger ({error}); move it away and load again") from None
        try:
            yield Ledger(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:  # on a full disk SQLite has taken it back itself
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise IngestError(f"{path} cannot be written ({error}); nothing was loaded") from None
            raise


def record_id(record: Record) -> str:
    return record.product_id if isinstance(record, Product) else record.document_id


def content_hash(record: Record) -> str:
    """Two records with one hash say the same; when they were written does not count."""
    return hashlib.sha256(record.model_dump_json(exclude={"updated_at"}).encode()).hexdigest()


def vector_keys(embedder: str, texts: Iterable[str]) -> list[str]:
    """A vector belongs to a text and a model, so a new price costs no embedding and a new model embeds all."""
    return [hashlib.sha256(f"{embedder}\n{text}".encode()).hexdigest() for text in texts]


def _record(kind: DocumentType, body: str) -> Record:
    model: type[Product] | type[Document] = Product if kind is DocumentType.PRODUCT else Document
    return model.model_validate_json(body)
