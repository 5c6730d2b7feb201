"""`shelfwise traces ...`: what happened in each turn, read where it was written down."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from app.settings import Settings
    from app.traces.store import StoredRun, TraceStore
    from app.traces.viewer.spans import Span

# Each command imports what it needs, so that `--help` does not wait for it.

traces_app = typer.Typer(no_args_is_help=True, help="Traces of turns, and of programs that use the LangSmith SDK.")

_USAGE = 2
_BAR = 32  # characters
_COLOURS = {"error": "red", "pending": "yellow"}
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_Id = Annotated[str, typer.Argument(help="The trace_id of an answer, or the id of a trace.")]


@traces_app.command()
def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to listen on; 0 picks a free one.")] = None,
) -> None:
    """Serve the collector for LANGSMITH_ENDPOINT and the pages under /traces, without a shop."""
    from app.tracing import run

    settings: Settings = ctx.obj
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    with _store(settings) as store:
        try:
            run(store, settings.model_copy(update=given))
        except OSError as error:
            raise _refused(str(error)) from None


@traces_app.command("list")
def listed(
    ctx: typer.Context,
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    search: Annotated[str | None, typer.Option(help="Words of the question or the answer.")] = None,
    expression: Annotated[
        str | None, typer.Option("--filter", help="In LangSmith's language: 'has(tags, \"degraded\")'.")
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that ended with an error.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
    as_json: _AsJson = False,
) -> None:
    """The latest traces first."""
    from app.traces.filter_language import FilterError
    from app.traces.query import RunQuery

    with _store(ctx.obj) as store:
        asked = RunQuery(
            session=_project_ids(store, project),
            is_root=True,
            query=search,
            filter=expression,
            error=True if failed else None,
            limit=limit,
        )
        try:
            runs = store.query(asked).runs
        except FilterError as error:
            raise _refused(str(error)) from None
    typer.echo(json.dumps({"traces": [_brief(run) for run in runs]}, ensure_ascii=False)) if as_json else _show_list(
        runs
    )


@traces_app.command()
def show(ctx: typer.Context, trace_id: _Id, as_json: _AsJson = False) -> None:
    """One trace as a tree with a waterfall, and what the turn knew."""
    from app.traces.collector.shapes import run_document
    from app.traces.row import body_text
    from app.traces.viewer.spans import spans_of

    runs = _trace(ctx.obj, trace_id)
    if as_json:
        typer.echo(body_text({"runs": [run_document(run, {}) for run in runs]}))
    else:
        _show_trace(spans_of(runs))


@traces_app.command()
def export(
    ctx: typer.Context,
    trace_id: _Id,
    out: Annotated[Path | None, typer.Option(help="Where to write it.", show_default="trace-ID.html")] = None,
) -> None:
    """Write one trace to one HTML file that needs neither server nor network."""
    from app.traces.viewer.pages import exported

    runs = _trace(ctx.obj, trace_id)
    path = out or Path(f"trace-{runs[0].row['trace_id']}.html")
    try:
        path.write_text(exported(runs), encoding="utf-8")
    except OSError as error:
        raise _refused(f"{path} cannot be written: {error.strerror}") from None
    typer.echo(str(path))


@contextmanager
def _store(settings: Settings) -> Iterator[TraceStore]:
    from app.runtime import traces_database, utc_now
    from app.traces.opening import open_traces
    from tools.shop.errors import ShopStoreError

    try:
        with open_traces(traces_database(settings), utc_now) as store:
            yield store
    except ShopStoreError as error:
        raise _refused(str(error)) from None


def _trace(settings: Settings, trace_id: str) -> list[StoredRun]:
    try:
        key = UUID(trace_id)
    except ValueError:
        raise _refused(f"{trace_id!r} is no trace id; `shelfwise traces list --json` tells them") from None
    with _store(settings) as store:
        runs = store.trace(key)
    if not runs:
        raise _refused(f"there is no trace {key}; `shelfwise traces list` shows those there are")
    return runs


def _project_ids(store: TraceStore, project: str | None) -> list[UUID] | None:
    from app.traces.projects import Projects

    if project is None:
        return None
    found = Projects(store).listed({"name": project}, limit=1)
    if not found:
        raise _refused(f"there is no project named {project!r}")
    return [UUID(found[0]["id"])]


def _brief(run: StoredRun) -> dict[str, object]:
    from app.traces.row import iso

    row = run.row
    told = {name: row[name] for name in ("trace_id", "name", "status", "latency_s", "thread_id", "total_tokens")}
    asked = {"message": (run.run.inputs or {}).get("message"), "tags": run.run.tags or []}
    return {**told, "start_time": iso(row["start_us"]), **asked}


def _show_list(runs: Sequence[StoredRun]) -> None:
    from app.traces.row import time_of

    if not runs:
        typer.echo("no trace was found")
        return
    table = Table("began (UTC)", "what was asked", "status", "ms", "trace", box=None, header_style="bold")
    for run in runs:
        row, asked = run.row, (run.run.inputs or {}).get("message") or run.row["name"]
        took = "" if row["latency_s"] is None else f"{row['latency_s'] * 1000:.0f}"
        status = Text(row["status"], _COLOURS.get(row["status"], ""))
        began = f"{time_of(row['start_us']):%m-%d %H:%M:%S}"
        table.add_row(began, Text(str(asked)[:60]), status, took, Text(row["trace_id"]))
    Console(highlight=False).print(table)


def _show_trace(spans: Sequence[Span]) -> None:
    table = Table("run", "kind", "ms", "", box=None, header_style="bold")
    for span in spans:
        row = span.stored.row
        before = min(round(span.start * _BAR), _BAR - 1)
        bar = " " * before + "█" * max(1, min(round(span.width * _BAR), _BAR - before))
        took = "…" if span.took_ms is None else f"{span.took_ms:.1f}"
        name = Text("  " * span.depth + (row["name"] or row["id"]))
        table.add_row(name, row["run_type"], took, Text(bar, _COLOURS.get(row["status"], "blue")))
    console = Console(highlight=False)
    console.print(table)
    for span in spans:
        if span.stored.run.error:
            console.print(f"{span.stored.row['name']}: {span.stored.run.error}", style="red", markup=False)
    _show_turn([span.stored for span in spans], console)


def _show_turn(runs: Sequence[StoredRun], console: Console) -> None:
    from app.traces.viewer.turn import turn_view

    turn = turn_view(runs)
    if turn is None:
        return
    console.print(f"\nasked: {turn.message}\n\n{turn.answer}\n", markup=False)
    for degradation in turn.degraded:
        console.print(f"degraded: {degradation.get('part')} {degradation.get('kind')}", markup=False, style="yellow")
    for item in turn.filters:
        console.print(f"{item['kept']}: {item.get('field')} {item.get('op')} {item.get('value')}", markup=False)
    for claim in turn.claims:
        console.print(f"{claim.get('verdict')}: {claim.get('text')}", markup=False, style="dim")


def _refused(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(_USAGE)
