"""`shelfwise traces difference`, and how a difference reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.traces.opened import AsJson, TraceId, opened_store, refused, trace_in

if TYPE_CHECKING:
    from app.traces.difference import Change, Difference, Timing
    from app.traces.store import TraceStore
    from app.traces.stored_turn import StoredTurn

_MARKS = {"kept": ("  ", ""), "gone": ("- ", "red"), "new": ("+ ", "green")}


def difference(ctx: typer.Context, before: TraceId, after: TraceId, as_json: AsJson = False) -> None:
    """What differs between two turns."""
    from app.traces.difference import difference as compare
    from app.traces.row import body_text

    with opened_store(ctx.obj) as store:
        told = compare(turn_in(store, before), turn_in(store, after))
    if as_json:
        typer.echo(body_text({"difference": told}))
    else:
        show_difference(told, Console(highlight=False))


def turn_in(store: TraceStore, trace_id: str) -> StoredTurn:
    from app.traces.stored_turn import stored_turn

    turn = stored_turn(trace_in(store, trace_id))
    if turn is None:
        raise refused(f"trace {trace_id} is no turn of the assistant")
    return turn


def show_difference(told: Difference, console: Console) -> None:
    """What is the same is left out, except within an answer that changed."""
    from app.traces.difference import PARTS

    if told.is_empty:
        console.print("nothing differs but the time they took")
    for sentence in told.answer:
        mark, style = _MARKS[sentence.kind]
        console.print(Text(mark + sentence.text, style))
    for part, heading in PARTS:
        changes: tuple[Change, ...] = getattr(told, part)
        if changes:
            console.print(f"\n{heading}", style="bold")
        for change in changes:
            console.print(_line(change))
    console.print()
    console.print(_times(told.timings))


def _line(change: Change) -> Text:
    if change.before is None:
        return Text(f"+ {change.name}: {change.after}", "green")
    if change.after is None:
        return Text(f"- {change.name}: {change.before}", "red")
    return Text.assemble(f"~ {change.name}: ", (change.before, "red"), " → ", (change.after, "green"))


def _times(timings: tuple[Timing, ...]) -> Table:
    table = Table("node", "before, ms", "after, ms", box=None, header_style="bold")
    for each in timings:
        table.add_row(each.name, *("–" if ms is None else f"{ms:.1f}" for ms in (each.before, each.after)))
    return table
