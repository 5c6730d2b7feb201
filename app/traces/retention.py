"""How long traces are kept: whole ones that began long ago go, with their feedback."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, func, select

from app.traces.redaction import Redaction
from app.traces.row import microseconds
from app.traces.store import DEFAULT_PROJECT, WRITER, TraceStore, Upload, chunks
from app.traces.tables import BODIES, FEEDBACK, RUNS
from retrievers.records import Clock
from tools.shop.database import Database
from tools.shop.errors import ShopStoreError

_AT_ONCE = 2_000  # traces in one transaction, so that nobody who writes waits for long
_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pruned:
    traces: int
    runs: int
    feedback: int

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(self.traces + other.traces, self.runs + other.runs, self.feedback + other.feedback)


class RetainingStore(TraceStore):
    """Erases what is older than `keep` when it first writes, and every hour that it goes on writing."""

    def __init__(self, database: Database, redaction: Redaction, clock: Clock, keep: timedelta) -> None:
        super().__init__(database, redaction, clock)
        self._keep = keep
        self._pruned: datetime | None = None

    def ingest(self, uploads: Sequence[Upload], project: str = DEFAULT_PROJECT) -> int:
        count, now = super().ingest(uploads, project), self.clock()
        if self._pruned is None or now - self._pruned >= _EVERY:
            self._pruned = now
            with suppress(ShopStoreError):  # what was written stays so; the next hour tries again
                prune(self, self._keep)
        return count


def prune(
    store: TraceStore, older_than: timedelta, projects: Sequence[UUID] | None = None, *, dry_run: bool = False
) -> Pruned:
    """What was, or would be, erased. A trace is as old as its first run; projects and datasets stay."""
    before_us = microseconds(store.clock() - older_than)
    found = Pruned(0, 0, 0)
    with store.database.reading() as connection:
        traces = _old(connection, before_us, projects)
    for start in range(0, len(traces), _AT_ONCE):
        some = traces[start : start + _AT_ONCE]
        if dry_run:
            with store.database.reading() as connection:
                found += _counted(connection, some)
        else:
            with store.database.writing(WRITER) as connection:
                found += _erased(connection, some)
    return found


def _old(connection: Connection, before_us: int, projects: Sequence[UUID] | None) -> list[str]:
    """The oldest first. Grouped by trace, so that one that has been added to since goes by its beginning."""
    statement = select(RUNS.c.trace_id)
    if projects is not None:
        statement = statement.where(RUNS.c.project_id.in_([str(each) for each in projects]))
    began = func.min(RUNS.c.start_us)
    old = statement.group_by(RUNS.c.trace_id).having(began < before_us).order_by(began)
    return list(connection.execute(old).scalars())


def _runs(connection: Connection, traces: Sequence[str]) -> list[str]:
    wanted = (select(RUNS.c.id).where(RUNS.c.trace_id.in_(some)) for some in chunks(traces))
    return [run for statement in wanted for run in connection.execute(statement).scalars()]


def _counted(connection: Connection, traces: Sequence[str]) -> Pruned:
    runs, given = _runs(connection, traces), 0
    for some in chunks(runs):
        given += connection.execute(select(func.count()).where(FEEDBACK.c.run_id.in_(some))).scalar_one()
    return Pruned(len(traces), len(runs), given)


def _erased(connection: Connection, traces: Sequence[str]) -> Pruned:
    runs, given = _runs(connection, traces), 0
    for some in chunks(runs):
        given += connection.execute(delete(FEEDBACK).where(FEEDBACK.c.run_id.in_(some))).rowcount
        connection.execute(delete(BODIES).where(BODIES.c.run_id.in_(some)))
        connection.execute(delete(RUNS).where(RUNS.c.id.in_(some)))
    return Pruned(len(traces), len(runs), given)
