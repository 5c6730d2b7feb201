"""The store of traces as every command opens it; what cannot be done is one line and exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from app.settings import Settings
    from app.traces.store import StoredRun, TraceStore

# Each command imports what it needs, so that `--help` does not wait for it.

_USAGE = 2
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
TraceId = Annotated[str, typer.Argument(help="The trace_id of an answer, or the id of a trace.")]


@contextmanager
def opened_store(settings: Settings) -> Iterator[TraceStore]:
    from app.clock import utc_now
    from app.places import traces_database
    from app.traces.opening import open_traces
    from tools.shop.errors import ShopStoreError

    try:
        with open_traces(traces_database(settings), utc_now) as store:
            yield store
    except ShopStoreError as error:
        raise refused(str(error)) from None


def trace_in(store: TraceStore, trace_id: str) -> list[StoredRun]:
    try:
        key = UUID(trace_id)
    except ValueError:
        raise refused(f"{trace_id!r} is no trace id; `shelfwise traces list --json` tells them") from None
    runs = store.trace(key)
    if not runs:
        raise refused(f"there is no trace {key}; `shelfwise traces list` shows those there are")
    return runs


def project_ids(store: TraceStore, project: str | None) -> list[UUID] | None:
    from app.traces.projects import Projects

    if project is None:
        return None
    found = Projects(store).listed({"name": project}, limit=1)
    if not found:
        raise refused(f"there is no project named {project!r}")
    return [UUID(found[0]["id"])]


def refused(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(_USAGE)
