"""Datasets by name. There is one version of each: the present one, which tags may name a moment of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.traces.errors import Conflict
from app.traces.row import body_text, canonical, iso, microseconds
from app.traces.store import WRITER, TraceStore
from app.traces.tables import DATASETS, EXAMPLES, PROJECTS

Document = dict[str, Any]


class DatasetUpload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(min_length=1, max_length=512)
    id: UUID = Field(default_factory=uuid4)
    description: str | None = None
    data_type: str = "kv"
    extra: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    inputs_schema_definition: dict[str, Any] | None = None
    outputs_schema_definition: dict[str, Any] | None = None
    transformations: list[Any] | None = None


class Datasets:
    def __init__(self, store: TraceStore) -> None:
        self._database, self._store = store.database, store

    def create(self, upload: DatasetUpload) -> Document:
        """Raises Conflict for a name that is taken."""
        said = upload.model_dump(exclude={"id", "name"}, exclude_none=True)
        metadata = {**((upload.extra or {}).get("metadata") or {}), **(upload.metadata or {})}
        body = body_text(self._store.redaction.clean({**said, "metadata": metadata}))
        now = microseconds(self._store.clock())
        row = {"id": str(upload.id), "name": upload.name, "created_us": now, "body": body}
        with self._database.writing(WRITER) as connection:
            if connection.execute(select(DATASETS.c.id).where(DATASETS.c.name == upload.name)).first():
                raise Conflict(f"there is a dataset named {upload.name!r} already")
            connection.execute(insert(DATASETS).values(row))
        return self.listed({"id": [upload.id]}, limit=1)[0]

    def listed(self, wanted: Mapping[str, Any], *, limit: int, offset: int = 0) -> list[Document]:
        """The latest first. `wanted` may hold id (several), name, name_contains, data_type, metadata (pairs)."""
        statement = select(DATASETS)
        if wanted.get("id"):
            statement = statement.where(DATASETS.c.id.in_([str(each) for each in wanted["id"]]))
        if wanted.get("name") is not None:
            statement = statement.where(DATASETS.c.name == wanted["name"])
        if wanted.get("name_contains"):
            statement = statement.where(DATASETS.c.name.contains(wanted["name_contains"], autoescape=True))
        pairs = [canonical({key: value})[1:-1] for key, value in (wanted.get("metadata") or {}).items()]
        pairs += [canonical({"data_type": wanted["data_type"]})[1:-1]] if wanted.get("data_type") else []
        for pair in pairs:
            statement = statement.where(DATASETS.c.body.contains(pair, autoescape=True))
        ordered = statement.order_by(DATASETS.c.created_us.desc(), DATASETS.c.id).limit(limit).offset(offset)
        with self._database.reading() as connection:
            rows = connection.execute(ordered).all()
            return [_document(connection, row) for row in rows]

    def change(self, dataset_id: UUID, said: Mapping[str, Any]) -> Document | None:
        with self._database.writing(WRITER) as connection:
            found = connection.execute(select(DATASETS).where(DATASETS.c.id == str(dataset_id))).first()
            if found is None:
                return None
            body = from_json(found.body) | self._store.redaction.clean(said)
            connection.execute(update(DATASETS).where(DATASETS.c.id == found.id).values(body=body_text(body)))
        return self.listed({"id": [dataset_id]}, limit=1)[0]

    def tag(self, dataset_id: UUID, tag: str, as_of: str) -> Document | None:
        """Names a moment of the dataset."""
        found = self.listed({"id": [dataset_id]}, limit=1)
        return self.change(dataset_id, {"tags": found[0]["tags"] | {tag: as_of}}) if found else None

    def delete(self, dataset_id: UUID) -> bool:
        """With its examples."""
        key = str(dataset_id)
        with self._database.writing(WRITER) as connection:
            connection.execute(delete(EXAMPLES).where(EXAMPLES.c.dataset_id == key))
            return connection.execute(delete(DATASETS).where(DATASETS.c.id == key)).rowcount > 0


def _document(connection: Connection, row: Row[Any]) -> Document:
    counted = select(func.count(), func.max(EXAMPLES.c.modified_us)).where(EXAMPLES.c.dataset_id == row.id)
    examples, modified = connection.execute(counted).one()
    of_it = select(func.count(), func.max(PROJECTS.c.start_us)).where(PROJECTS.c.reference_dataset_id == row.id)
    experiments, latest = connection.execute(of_it).one()
    return {
        "tags": {},
        **from_json(row.body),
        "id": row.id,
        "name": row.name,
        "created_at": iso(row.created_us),
        "modified_at": iso(max(row.created_us, modified or 0)),
        "example_count": examples,
        "session_count": experiments,
        "last_session_start_time": iso(latest) if latest else None,
    }
