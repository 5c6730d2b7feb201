"""`shelfwise traces list`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.traces.opened import AsJson, opened_store, project_ids, refused

if TYPE_CHECKING:
    from app.traces.store import StoredRun

_BEGAN, _MS, _ID = 11, 6, 36  # characters: an id cut short opens nothing
_COLOURS = {"error": "red", "pending": "yellow"}


def listed(
    ctx: typer.Context,
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    search: Annotated[str | None, typer.Option(help="Words of the question or the answer.")] = None,
    expression: Annotated[
        str | None, typer.Option("--filter", help="In LangSmith's language: 'has(tags, \"degraded\")'.")
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that ended with an error.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """The latest traces first."""
    from app.traces.feedback import FeedbackLog
    from app.traces.filter_language import FilterError
    from app.traces.query import RunQuery

    with opened_store(ctx.obj) as store:
        asked = RunQuery(
            session=project_ids(store, project),
            is_root=True,
            query=search,
            filter=expression,
            error=True if failed else None,
            limit=limit,
        )
        try:
            runs = store.query(asked).runs
        except FilterError as error:
            raise refused(str(error)) from None
        feedback = FeedbackLog(store).stats([run.row["id"] for run in runs])
    if as_json:
        typer.echo(json.dumps({"traces": [_brief(run, feedback) for run in runs]}, ensure_ascii=False))
    else:
        _show(runs, feedback)


def _brief(run: StoredRun, feedback: Mapping[str, Any]) -> dict[str, object]:
    from app.traces.row import iso

    row = run.row
    told = {name: row[name] for name in ("trace_id", "name", "status", "latency_s", "thread_id", "total_tokens")}
    asked = {"message": (run.run.inputs or {}).get("message"), "tags": run.run.tags or []}
    return {**told, "start_time": iso(row["start_us"]), **asked, "feedback": feedback.get(row["id"], {})}


def _show(runs: Sequence[StoredRun], feedback: Mapping[str, Any]) -> None:
    from app.traces.row import time_of

    if not runs:
        typer.echo("no trace was found")
        return
    table = Table(box=None, header_style="bold", expand=True)
    table.add_column("began (UTC)", no_wrap=True, width=_BEGAN)
    table.add_column("what was asked", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("ms", justify="right", no_wrap=True, width=_MS)
    table.add_column("trace", no_wrap=True, width=_ID)
    for run in runs:
        row = run.row
        took = "" if row["latency_s"] is None else f"{row['latency_s'] * 1000:.0f}"
        asked = Text(_asked(run), _COLOURS.get(row["status"], ""))
        if told := feedback.get(row["id"]):
            asked.append(f"\n  {_scored(told)}", "cyan")
        table.add_row(f"{time_of(row['start_us']):%m-%d %H:%M}", asked, took, Text(row["trace_id"]))
    Console(highlight=False).print(table)


def _asked(run: StoredRun) -> str:
    said = str((run.run.inputs or {}).get("message") or run.row["name"])
    return said if run.row["status"] == "success" else f"{run.row['status']}: {said}"


def _scored(keys: Mapping[str, Any]) -> str:
    return ", ".join(key if told["avg"] is None else f"{key} {told['avg']:.4g}" for key, told in keys.items())
