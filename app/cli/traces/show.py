"""`shelfwise traces show` and `export`: one trace, in the terminal or as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.traces.opened import AsJson, TraceId, opened_store, refused, trace_in

if TYPE_CHECKING:
    from app.traces.store import StoredRun
    from app.traces.viewer.spans import Span

_BAR = 32  # characters
_COLOURS = {"error": "red", "pending": "yellow"}


def show(ctx: typer.Context, trace_id: TraceId, as_json: AsJson = False) -> None:
    """One trace as a tree with a waterfall, what the turn knew, and the feedback it was given."""
    from app.traces.collector.shapes import run_document
    from app.traces.feedback import FeedbackLog
    from app.traces.row import body_text
    from app.traces.viewer.spans import spans_of

    with opened_store(ctx.obj) as store:
        runs = trace_in(store, trace_id)
        log, ids = FeedbackLog(store), [run.row["id"] for run in runs]
        stats, given = log.stats(ids), log.on(ids)
    if as_json:
        documents = [run_document(run, stats) for run in runs]
        typer.echo(body_text({"runs": documents, "feedback": [each for some in given.values() for each in some]}))
        return
    console = Console(highlight=False)
    _show_tree(spans_of(runs), console)
    _show_turn(runs, console)
    for run in runs:
        for each in given.get(run.row["id"], []):
            console.print(_feedback(run.row["name"], each), markup=False, style="cyan")


def export(
    ctx: typer.Context,
    trace_id: TraceId,
    out: Annotated[Path | None, typer.Option(help="Where to write it.", show_default="trace-ID.html")] = None,
) -> None:
    """Write one trace to one HTML file that needs neither server nor network."""
    from app.traces.feedback import FeedbackLog
    from app.traces.viewer.pages import exported

    with opened_store(ctx.obj) as store:
        runs = trace_in(store, trace_id)
        feedback = FeedbackLog(store).on([run.row["id"] for run in runs])
    path = out or Path(f"trace-{runs[0].row['trace_id']}.html")
    try:
        path.write_text(exported(runs, feedback), encoding="utf-8")
    except OSError as error:
        raise refused(f"{path} cannot be written: {error.strerror}") from None
    typer.echo(str(path))


def _show_tree(spans: Sequence[Span], console: Console) -> None:
    table = Table("run", "kind", "ms", "", box=None, header_style="bold")
    for span in spans:
        row = span.stored.row
        before = min(round(span.start * _BAR), _BAR - 1)
        bar = " " * before + "█" * max(1, min(round(span.width * _BAR), _BAR - before))
        took = "…" if span.took_ms is None else f"{span.took_ms:.1f}"
        name = Text("  " * span.depth + (row["name"] or row["id"]))
        table.add_row(name, row["run_type"], took, Text(bar, _COLOURS.get(row["status"], "blue")))
    console.print(table)
    for span in spans:
        if span.stored.run.error:
            console.print(f"{span.stored.row['name']}: {span.stored.run.error}", style="red", markup=False)


def _show_turn(runs: Sequence[StoredRun], console: Console) -> None:
    from app.traces.stored_turn import stored_turn

    turn = stored_turn(runs)
    if turn is None:
        return
    console.print(f"\nasked: {turn.message}\n\n{turn.answer or ''}\n", markup=False)
    for degradation in turn.degraded:
        console.print(f"degraded: {degradation.get('part')} {degradation.get('kind')}", markup=False, style="yellow")
    for item in turn.filters:
        console.print(f"{item['kept']}: {item.get('field')} {item.get('op')} {item.get('value')}", markup=False)
    for claim in turn.claims:
        console.print(f"{claim.get('verdict')}: {claim.get('text')}", markup=False, style="dim")


def _feedback(run: str, given: dict[str, Any]) -> str:
    score = "" if given["score"] is None else f" {given['score']:.4g}"
    return f"feedback on {run}: {given['key']}{score} {given.get('comment') or ''}".rstrip()
