"""The examples of datasets: inputs, reference outputs and metadata, in which their splits stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json
from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from app.traces.errors import Conflict, NotFound
from app.traces.row import body_text, canonical, iso, microseconds
from app.traces.run import zoned
from app.traces.store import WRITER, TraceStore, chunks
from app.traces.tables import DATASETS, EXAMPLES

Document = dict[str, Any]
_SPLIT = "dataset_split"  # where LangSmith keeps the splits among the metadata
_SPLITS = ["base"]  # of an example that names none


class ExampleUpload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID = Field(default_factory=uuid4)
    dataset_id: UUID | None = None
    inputs: dict[str, Any] | None = None
    outputs: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    split: str | list[str] | None = None
    source_run_id: UUID | None = None
    use_source_run_io: bool = False
    created_at: datetime | None = None


class Examples:
    def __init__(self, store: TraceStore) -> None:
        self._database, self._store = store.database, store

    def add(self, uploads: Sequence[ExampleUpload]) -> list[Document]:
        """All or none. Raises NotFound for a dataset or source run that is not there, Conflict for a known id."""
        rows = [self._row(upload) for upload in uploads]
        with self._database.writing(WRITER) as connection:
            for dataset_id in {row["dataset_id"] for row in rows}:
                if not connection.execute(select(DATASETS.c.id).where(DATASETS.c.id == dataset_id)).first():
                    raise NotFound(f"there is no dataset {dataset_id}")
            _none_known(connection, [row["id"] for row in rows])
            if rows:
                connection.execute(insert(EXAMPLES), rows)
        return self._read([row["id"] for row in rows])

    def change(self, changes: Mapping[UUID, Mapping[str, Any]]) -> list[Document]:
        """All or none. Raises NotFound."""
        with self._database.writing(WRITER) as connection:
            for example_id, said in changes.items():
                found = connection.execute(select(EXAMPLES).where(EXAMPLES.c.id == str(example_id))).first()
                if found is None:
                    raise NotFound(f"there is no example {example_id}")
                fields = {"id", "created_at", "dataset_id"}
                told = {key: value for key, value in said.items() if value is not None and key not in fields}
                before = {**from_json(found.body), "split": from_json(found.split), "id": found.id}
                upload = ExampleUpload.model_validate({**before, **told, "dataset_id": found.dataset_id})
                row = self._row(upload) | {"created_us": found.created_us}
                connection.execute(update(EXAMPLES).where(EXAMPLES.c.id == found.id).values(row))
        return self._read([str(each) for each in changes])

    def listed(self, wanted: Mapping[str, Any], *, limit: int, offset: int = 0) -> list[Document]:
        """The oldest first. `wanted` may hold dataset, id and splits (several), metadata (pairs), as_of (a time)."""
        statement = select(EXAMPLES)
        if wanted.get("dataset"):
            statement = statement.where(EXAMPLES.c.dataset_id == str(wanted["dataset"]))
        if wanted.get("id"):
            statement = statement.where(EXAMPLES.c.id.in_([str(each) for each in wanted["id"]]))
        if wanted.get("splits"):
            parts = [canonical(str(split)) for split in wanted["splits"]]
            statement = statement.where(or_(*(EXAMPLES.c.split.contains(part, autoescape=True) for part in parts)))
        for key, value in (wanted.get("metadata") or {}).items():
            statement = statement.where(EXAMPLES.c.metadata.contains(canonical({key: value})[1:-1], autoescape=True))
        if wanted.get("as_of") is not None:
            statement = statement.where(EXAMPLES.c.created_us <= microseconds(zoned(wanted["as_of"])))
        ordered = statement.order_by(EXAMPLES.c.created_us, EXAMPLES.c.id).limit(limit).offset(offset)
        return self._documents(ordered)

    def delete(self, example_id: UUID) -> bool:
        with self._database.writing(WRITER) as connection:
            return connection.execute(delete(EXAMPLES).where(EXAMPLES.c.id == str(example_id))).rowcount > 0

    def _read(self, ids: Sequence[str]) -> list[Document]:
        """In the order asked for."""
        found = {
            each["id"]: each
            for some in chunks(ids)
            for each in self._documents(select(EXAMPLES).where(EXAMPLES.c.id.in_(some)))
        }
        return [found[each] for each in ids if each in found]

    def _documents(self, statement: Select[Any]) -> list[Document]:
        with self._database.reading() as connection:
            return [_document(row) for row in connection.execute(statement)]

    def _row(self, upload: ExampleUpload) -> dict[str, Any]:
        upload = self._with_source(upload)
        body = upload.model_dump(include={"inputs", "outputs", "source_run_id"}, mode="json")
        metadata = self._store.redaction.clean(upload.metadata or {})
        splits = upload.split or metadata.get(_SPLIT) or _SPLITS
        splits = [splits] if isinstance(splits, str) else splits
        metadata = {**metadata, _SPLIT: splits}
        now = microseconds(self._store.clock())
        return {
            "id": str(upload.id),
            "dataset_id": str(upload.dataset_id),
            "created_us": microseconds(zoned(upload.created_at)) if upload.created_at else now,
            "modified_us": now,
            "split": canonical(splits),
            "metadata": canonical(metadata),
            "body": body_text({**self._store.redaction.clean(body), "metadata": metadata}),
        }

    def _with_source(self, upload: ExampleUpload) -> ExampleUpload:
        if not upload.use_source_run_io or upload.source_run_id is None:
            return upload
        source = self._store.read(upload.source_run_id)
        if source is None:
            raise NotFound(f"there is no run {upload.source_run_id}")
        return upload.model_copy(update={"inputs": source.run.inputs, "outputs": source.run.outputs})


def _none_known(connection: Connection, ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        raise Conflict("two examples have the same id")
    for some in chunks(ids):
        known = connection.execute(select(EXAMPLES.c.id).where(EXAMPLES.c.id.in_(some))).first()
        if known:
            raise Conflict(f"there is an example {known.id} already")


def _document(row: Row[Any]) -> Document:
    return {
        **from_json(row.body),
        "id": row.id,
        "dataset_id": row.dataset_id,
        "created_at": iso(row.created_us),
        "modified_at": iso(row.modified_us),
        "name": f"#{row.id[:4]}",
    }
