"""Projects, which LangSmith calls sessions; an experiment is a project that refers to a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json
from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from app.traces.errors import Conflict
from app.traces.row import body_text, iso, microseconds
from app.traces.store import WRITER, TraceStore, project_id_of
from app.traces.tables import BODIES, FEEDBACK, PROJECTS, RUNS

TENANT = "00000000-0000-0000-0000-000000000001"  # the SDK wants one; there is only one here
Document = dict[str, Any]


class ProjectUpload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(min_length=1, max_length=512)
    id: UUID | None = None
    description: str | None = None
    extra: dict[str, Any] | None = None
    reference_dataset_id: UUID | None = None
    end_time: str | None = None


class Projects:
    def __init__(self, store: TraceStore) -> None:
        self._database, self._store = store.database, store

    def create(self, upload: ProjectUpload, *, upsert: bool = False) -> Document:
        """Raises Conflict for a name that is taken, unless it may be there already."""
        row = {
            "id": str(upload.id or project_id_of(upload.name)),
            "name": upload.name,
            "start_us": microseconds(self._store.clock()),
            "reference_dataset_id": str(upload.reference_dataset_id) if upload.reference_dataset_id else None,
            "body": self._body(upload.model_dump(include={"description", "extra"})),
        }
        with self._database.writing(WRITER) as connection:
            taken = connection.execute(select(PROJECTS).where(PROJECTS.c.name == upload.name)).first()
            if taken is not None and not upsert:
                raise Conflict(f"there is a project named {upload.name!r} already")
            if taken is None:
                connection.execute(insert(PROJECTS).values(row))
            found = connection.execute(select(PROJECTS).where(PROJECTS.c.name == upload.name)).one()
        return _document(found)

    def change(self, project_id: UUID, said: Mapping[str, Any]) -> Document | None:
        """What is None stays. Raises Conflict for a name that is taken."""
        with self._database.writing(WRITER) as connection:
            found = connection.execute(select(PROJECTS).where(PROJECTS.c.id == str(project_id))).first()
            if found is None:
                return None
            name = said.get("name") or found.name
            other = select(PROJECTS.c.id).where(PROJECTS.c.name == name, PROJECTS.c.id != found.id)
            if connection.execute(other).first():
                raise Conflict(f"there is a project named {name!r} already")
            fields = ("description", "extra", "end_time")
            body = from_json(found.body) | {key: said[key] for key in fields if said.get(key) is not None}
            changed = update(PROJECTS).where(PROJECTS.c.id == found.id)
            connection.execute(changed.values(name=name, body=self._body(body)))
            return _document(connection.execute(select(PROJECTS).where(PROJECTS.c.id == found.id)).one())

    def listed(
        self, wanted: Mapping[str, Any], *, limit: int, offset: int = 0, stats: bool = False, scored: bool = False
    ) -> list[Document]:
        """The latest first. `wanted` may hold id (several), name, name_contains, reference_dataset, reference_free.

        `stats` counts the runs of each; `scored` also reads all feedback on them.
        """
        statement = select(PROJECTS)
        if wanted.get("id"):
            statement = statement.where(PROJECTS.c.id.in_([str(each) for each in wanted["id"]]))
        if wanted.get("name") is not None:
            statement = statement.where(PROJECTS.c.name == wanted["name"])
        if wanted.get("name_contains"):
            statement = statement.where(PROJECTS.c.name.contains(wanted["name_contains"], autoescape=True))
        if wanted.get("reference_dataset"):
            statement = statement.where(PROJECTS.c.reference_dataset_id == str(wanted["reference_dataset"]))
        if wanted.get("reference_free"):
            statement = statement.where(PROJECTS.c.reference_dataset_id.is_(None))
        ordered = statement.order_by(PROJECTS.c.start_us.desc(), PROJECTS.c.id).limit(limit).offset(offset)
        with self._database.reading() as connection:
            rows = connection.execute(ordered).all()
            ids = [row.id for row in rows]
            counted = _counted(connection, ids) if stats else {}
            feedback = _scored(connection, ids) if scored else {}
        return [_document(row) | counted.get(row.id, {}) | feedback.get(row.id, {}) for row in rows]

    def delete(self, project_id: UUID) -> bool:
        """With every run and every feedback of it."""
        key = str(project_id)
        with self._database.writing(WRITER) as connection:
            runs = select(RUNS.c.id).where(RUNS.c.project_id == key)
            connection.execute(delete(BODIES).where(BODIES.c.run_id.in_(runs)))
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.run_id.in_(runs)))
            connection.execute(delete(RUNS).where(RUNS.c.project_id == key))
            return connection.execute(delete(PROJECTS).where(PROJECTS.c.id == key)).rowcount > 0

    def _body(self, said: Mapping[str, Any]) -> str:
        return body_text(self._store.redaction.clean(said))


def _document(row: Row[Any]) -> Document:
    return {
        **from_json(row.body),
        "id": row.id,
        "name": row.name,
        "tenant_id": TENANT,
        "start_time": iso(row.start_us),
        "reference_dataset_id": row.reference_dataset_id,
    }


def _counted(connection: Connection, ids: list[str]) -> dict[str, Document]:
    failed = func.sum(case((RUNS.c.status == "error", 1), else_=0))
    sums = [func.sum(column).label(column.name) for column in (RUNS.c.total_tokens, RUNS.c.total_cost)]
    grouped = (
        select(
            RUNS.c.project_id,
            func.count().label("run_count"),
            failed.label("failed"),
            func.max(RUNS.c.start_us).label("last"),
            *sums,
        )
        .where(RUNS.c.project_id.in_(ids), RUNS.c.is_root)
        .group_by(RUNS.c.project_id)
    )
    return {
        row.project_id: {
            "run_count": row.run_count,
            "error_rate": row.failed / row.run_count,
            "last_run_start_time": iso(row.last),
            "total_tokens": row.total_tokens,
            "total_cost": row.total_cost,
        }
        for row in connection.execute(grouped)
    }


def _scored(connection: Connection, ids: list[str]) -> dict[str, Document]:
    """By project, as LangSmith tells it; feedback that names no project belongs to that of its run."""
    count, mean = func.count(), func.avg(FEEDBACK.c.score)
    project = func.coalesce(FEEDBACK.c.project_id, RUNS.c.project_id)
    grouped = (
        select(project.label("project"), FEEDBACK.c.key, count.label("n"), mean.label("mean"))
        .select_from(FEEDBACK.outerjoin(RUNS, FEEDBACK.c.run_id == RUNS.c.id))
        .where(project.in_(ids))
        .group_by(project, FEEDBACK.c.key)
    )
    found: dict[str, Document] = {}
    for row in connection.execute(grouped):
        stats = found.setdefault(row.project, {"feedback_stats": {}})["feedback_stats"]
        stats[row.key] = {"n": row.n, "avg": row.mean}
    return found
