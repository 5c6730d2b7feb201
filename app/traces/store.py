"""Runs kept in SQLite or PostgreSQL, many at a time; what comes twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import ColumnElement, Connection, Table, delete, false, insert, or_, select

from app.traces.query import RunQuery, cursor_at
from app.traces.redaction import Redaction
from app.traces.row import Row, body_of, canonical, microseconds, row_of, run_of
from app.traces.run import Kind, RunUpload, merged
from app.traces.tables import BODIES, FEEDBACK, METADATA, PROJECTS, RUNS
from retrievers.records import Clock
from tools.shop.database import Database

DEFAULT_PROJECT = "default"
_AT_ONCE = 400  # ids in one statement, which SQLite bounds
WRITER = "traces"

Upload = tuple[Kind, RunUpload]


@dataclass(frozen=True, slots=True)
class StoredRun:
    """`row` holds what was derived: status, latency, tokens, the project."""

    run: RunUpload
    row: Row


@dataclass(frozen=True, slots=True)
class RunPage:
    runs: tuple[StoredRun, ...]
    next: str | None


class TraceStore:
    """Opening makes the tables when they are missing. Everything raises ShopStoreError when the database fails."""

    def __init__(self, database: Database, redaction: Redaction, clock: Clock) -> None:
        self.database, self.redaction, self.clock = database, redaction, clock
        with self.database.writing("schema") as connection:
            METADATA.create_all(connection)

    def ingest(self, uploads: Sequence[Upload], project: str = DEFAULT_PROJECT) -> int:
        """All or nothing, redacted; the number of runs it was about. `project` is theirs who name none."""
        clean = [(kind, self.redaction.run(run)) for kind, run in uploads]
        with self.database.writing(WRITER) as connection:
            ids = list(dict.fromkeys(str(run.id) for _, run in clean))
            known = {str(run.id): (run, home) for run, home in _known(connection, ids)}
            runs = _merged(clean, {run_id: run for run_id, (run, _) in known.items()})
            homes = _homes(connection, runs.values(), project, microseconds(self.clock()))
            received, rows = self.clock(), list[Row]()
            for run_id, run in runs.items():
                before, home = known.get(run_id, (run, ""))
                moved = not home or (_names_none(before) and not _names_none(run))
                rows.append(row_of(run, homes[home_of(run, project)] if moved else home, received))
            _replace(connection, RUNS, "id", [*known], rows)
            bodies = [{"run_id": run_id, "body": body_of(run)} for run_id, run in runs.items()]
            _replace(connection, BODIES, "run_id", [*known], bodies)
        return len(runs)

    def read(self, run_id: UUID) -> StoredRun | None:
        found = self.query(RunQuery(id=[run_id], limit=1)).runs
        return found[0] if found else None

    def trace(self, trace_id: UUID) -> list[StoredRun]:
        """Every run of it, in the order they began."""
        runs, query = list[StoredRun](), RunQuery(trace=trace_id, order="asc")
        while True:
            page = self.query(query)
            runs += page.runs
            if page.next is None:
                return sorted(runs, key=lambda stored: (stored.row["start_us"], not stored.row["is_root"]))
            query = query.model_copy(update={"cursor": page.next})

    def query(self, query: RunQuery) -> RunPage:
        """Raises FilterError, CursorError."""
        statement = query.statement()
        with self.database.reading() as connection:
            rows = [dict(row._mapping) for row in connection.execute(statement)]
            shown = rows[: query.page]
            wanted = [row["id"] for row in shown]
            bodies = dict(_bodies(connection, wanted))
        runs = tuple(StoredRun(run_of(bodies[row["id"]]), row) for row in shown if row["id"] in bodies)
        return RunPage(runs, cursor_at(shown[-1]) if len(rows) > query.page else None)

    def threads_of(self, user_id: str) -> list[str]:
        """Conversations in which the assistant answered this shopper; looks through every trace."""
        root = select(RUNS.c.thread_id, BODIES.c.body).join(BODIES, BODIES.c.run_id == RUNS.c.id)
        wanted = root.where(
            RUNS.c.is_root, RUNS.c.thread_id.is_not(None), BODIES.c.body.contains(user_id, autoescape=True)
        )
        with self.database.reading() as connection:
            rows = connection.execute(wanted.order_by(RUNS.c.start_us)).all()
        asked = ((row.thread_id, run_of(row.body).inputs or {}) for row in rows)
        return list(dict.fromkeys(thread_id for thread_id, inputs in asked if inputs.get("user_id") == user_id))

    def traces_of(self, thread_ids: Sequence[str]) -> list[str]:
        """Ids of the traces of these conversations."""
        with self.database.reading() as connection:
            found = (
                connection.execute(select(RUNS.c.trace_id).where(RUNS.c.thread_id.in_(some))).scalars()
                for some in chunks(thread_ids)
            )
            return list(dict.fromkeys(trace_id for some in found for trace_id in some))

    def forget(self, thread_id: str) -> int:
        """Erases every trace of a conversation, and what was said about it."""
        return self._erase(RUNS.c.thread_id == thread_id)

    def delete(self, trace_ids: Sequence[str], metadata: Mapping[str, str]) -> int:
        """Erases traces by their ids, and those of which a run has any of these pairs; the number of their runs."""
        pairs = (
            RUNS.c.metadata.contains(canonical({name: value})[1:-1], autoescape=True)
            for name, value in metadata.items()
        )
        return self._erase(or_(false(), *(RUNS.c.trace_id.in_(some) for some in chunks(trace_ids)), *pairs))

    def _erase(self, which: ColumnElement[bool]) -> int:
        """Whole traces, of any run of which this is true."""
        with self.database.writing(WRITER) as connection:
            traces = select(RUNS.c.trace_id).where(which)
            ids = list(connection.execute(select(RUNS.c.id).where(RUNS.c.trace_id.in_(traces))).scalars())
            _delete(connection, BODIES, "run_id", ids)
            _delete(connection, RUNS, "id", ids)
            _delete(connection, FEEDBACK, "run_id", ids)
        return len(ids)


def _merged(uploads: Iterable[Upload], known: Mapping[str, RunUpload]) -> dict[str, RunUpload]:
    runs = dict[str, RunUpload]()
    for kind, run in uploads:
        run_id = str(run.id)
        runs[run_id] = merged(runs.get(run_id, known.get(run_id)), run, kind)
    return runs


def _names_none(run: RunUpload) -> bool:
    return run.session_name is None and run.session_id is None


def home_of(run: RunUpload, default: str) -> str:
    return run.session_name or (str(run.session_id) if run.session_id else default)


def project_id_of(name: str) -> str:
    """The same everywhere, so that two writers who make a project at once make the same one."""
    return str(uuid5(NAMESPACE_URL, f"shelfwise:project:{name}"))


def _known(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[RunUpload, str]]:
    for some in chunks(ids):
        joined = select(RUNS.c.project_id, BODIES.c.body).join(BODIES, BODIES.c.run_id == RUNS.c.id)
        for project_id, body in connection.execute(joined.where(RUNS.c.id.in_(some))):
            yield run_of(body), project_id


def _bodies(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for some in chunks(ids):
        found = connection.execute(select(BODIES.c.run_id, BODIES.c.body).where(BODIES.c.run_id.in_(some)))
        yield from ((row.run_id, row.body) for row in found)


def _homes(connection: Connection, runs: Iterable[RunUpload], default: str, now_us: int) -> dict[str, str]:
    """The ids of the projects by what runs call them; those that are missing are made."""
    named = {home_of(run, default): run.session_id for run in runs}
    asked = or_(PROJECTS.c.name.in_([*named]), PROJECTS.c.id.in_([str(each) for each in named.values() if each]))
    rows = connection.execute(select(PROJECTS.c.name, PROJECTS.c.id).where(asked)).all()
    by_name, by_id = {row.name: row.id for row in rows}, {row.id: row.id for row in rows}
    homes = {name: found for name in named if (found := by_name.get(name) or by_id.get(name))}
    for name in named.keys() - homes.keys():
        homes[name] = str(named[name] or project_id_of(name))
        made = {"id": homes[name], "name": name, "start_us": now_us, "reference_dataset_id": None, "body": "{}"}
        if homes[name] not in by_id:
            connection.execute(insert(PROJECTS).values(made))
            by_id[homes[name]] = homes[name]
    return homes


def _replace(connection: Connection, table: Table, key: str, old: Sequence[str], rows: Sequence[Row]) -> None:
    _delete(connection, table, key, old)
    if rows:
        connection.execute(insert(table), list(rows))


def _delete(connection: Connection, table: Table, key: str, ids: Sequence[str]) -> None:
    for some in chunks(ids):
        connection.execute(delete(table).where(table.c[key].in_(some)))


def chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
