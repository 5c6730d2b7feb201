"""Which runs are wanted: LangSmith's query as a select over the rows."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import ColumnElement, FromClause, Select, and_, or_, select

from app.traces.filters import condition
from app.traces.row import Row, microseconds
from app.traces.run import zoned
from app.traces.tables import PROJECTS, RUNS

MOST = 100  # runs on one page
_MANY = 1_000  # ids asked for at once


class CursorError(ValueError):
    """The cursor is none of ours."""


Ids = Annotated[
    list[UUID], BeforeValidator(lambda it: it if isinstance(it, list | None) else [it]), Field(max_length=_MANY)
]


class RunQuery(BaseModel):
    """What the SDK's `list_runs` sends. `query` and `search(...)` look through what `RUNS.searched` holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    session: Ids | None = None
    id: Ids | None = None
    trace: UUID | None = None
    parent_run: UUID | None = None
    reference_example: Ids | None = None
    run_type: str | None = Field(None, max_length=64)
    is_root: bool | None = None
    error: bool | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    query: str | None = Field(None, max_length=1_000)
    filter: str | None = None
    trace_filter: str | None = None
    tree_filter: str | None = None
    reference_dataset: UUID | None = None
    order: Literal["asc", "desc"] = "desc"
    limit: int = Field(MOST, ge=1)
    cursor: str | None = Field(None, max_length=200)
    select: list[str] | None = None

    @property
    def page(self) -> int:
        return min(self.limit, MOST)

    def statement(self) -> Select[Row]:
        """One row more than the page holds tells that there is a next. Raises FilterError, CursorError."""
        wanted = select(RUNS).where(*self._conditions())
        if self.cursor:
            wanted = wanted.where(self._after(self.cursor))
        down = self.order == "desc"
        columns = (RUNS.c.start_us, RUNS.c.id)
        return wanted.order_by(*(column.desc() if down else column for column in columns)).limit(self.page + 1)

    def _conditions(self) -> list[ColumnElement[bool]]:
        said = [
            *(_among(column, ids) for column, ids in self._ids() if ids is not None),
            *(_filtered(text, None) for text in [self.filter] if text),
            *(_filtered(text, RUNS.alias("root"), root=True) for text in [self.trace_filter] if text),
            *(_filtered(text, RUNS.alias("tree")) for text in [self.tree_filter] if text),
        ]
        if self.is_root is not None:
            said.append(RUNS.c.is_root == self.is_root)
        if self.run_type is not None:
            said.append(RUNS.c.run_type == self.run_type)
        if self.error is not None:
            said.append((RUNS.c.status == "error") if self.error else (RUNS.c.status != "error"))
        if self.start_time is not None:
            said.append(RUNS.c.start_us >= microseconds(zoned(self.start_time)))
        if self.end_time is not None:
            said.append(RUNS.c.start_us <= microseconds(zoned(self.end_time)))
        if self.query:
            said += [RUNS.c.searched.contains(word, autoescape=True) for word in self.query.lower().split()[:20]]
        if self.reference_dataset is not None:
            of_it = select(PROJECTS.c.id).where(PROJECTS.c.reference_dataset_id == str(self.reference_dataset))
            said.append(RUNS.c.project_id.in_(of_it))
        return said

    def _ids(self) -> list[tuple[ColumnElement[str], list[UUID] | None]]:
        return [
            (RUNS.c.project_id, self.session),
            (RUNS.c.id, self.id),
            (RUNS.c.trace_id, [self.trace] if self.trace else None),
            (RUNS.c.parent_run_id, [self.parent_run] if self.parent_run else None),
            (RUNS.c.reference_example_id, self.reference_example),
        ]

    def _after(self, cursor: str) -> ColumnElement[bool]:
        try:
            start, _, run_id = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
            place = int(start)
        except ValueError:
            raise CursorError("the cursor is not one this collector gave out") from None
        if self.order == "desc":
            return or_(RUNS.c.start_us < place, and_(RUNS.c.start_us == place, RUNS.c.id < run_id))
        return or_(RUNS.c.start_us > place, and_(RUNS.c.start_us == place, RUNS.c.id > run_id))


def cursor_at(row: Row) -> str:
    return urlsafe_b64encode(f"{row['start_us']} {row['id']}".encode()).decode()


def _among(column: ColumnElement[str], ids: list[UUID]) -> ColumnElement[bool]:
    return column == str(ids[0]) if len(ids) == 1 else column.in_([str(each) for each in ids])


def _filtered(text: str, others: FromClause | None, *, root: bool = False) -> ColumnElement[bool]:
    """Of the run itself, or of another run of its trace: the root, or any."""
    if others is None:
        return condition(text, RUNS)
    matching = select(others.c.trace_id).where(condition(text, others))
    return RUNS.c.trace_id.in_(matching.where(others.c.is_root) if root else matching)
