"""How a request was read and filtered, as a table for people and as JSON for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from graphs.answer import FinalAnswer
    from retrievers.records import FilterItem, Reading


def explain_turn(reading: Reading, final: FinalAnswer) -> None:
    console = Console(highlight=False)
    console.print()
    console.print(_reading_table(reading))
    plan = {
        "honoured": final.filters.honoured,
        "relaxed": final.filters.relaxed,
        "dropped": final.filters.dropped,
    }
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("plan", "limit", "origin", "reason"):
        table.add_column(name)
    for outcome, items in plan.items():
        for item in items:
            table.add_row(outcome, limit_text(item), item.origin, item.reason)
    console.print()
    console.print(table)


def reading_json(reading: Reading) -> dict[str, Any]:
    """The record as plain JSON."""
    return asdict(reading)


def limit_text(item: FilterItem) -> str:
    """`price <= 200`, `attribute:internal_memory >= 16 GB`, `brand not in acme, bolt`."""
    sign = {"lte": "<=", "gte": ">=", "eq": "=", "in": "in", "not_in": "not in"}[item.op]
    value = ", ".join(item.value) if isinstance(item.value, tuple) else item.value
    figure = f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(part for part in (item.field, sign, figure, item.unit) if part)


def _reading_table(reading: Reading) -> Table:
    sort = reading.sort
    rows = {
        "kind of question": reading.courtesy or reading.intent,
        "searched for": reading.terms,
        "spelling": "; ".join(f"{said} read as {meant}" for said, meant in reading.corrected),
        "kind of thing": reading.head,
        "limits": "; ".join(limit_text(item) for item in reading.limits),
        "not readable": "; ".join(item.reason for item in (*reading.foreign, *reading.unread)),
        "sorted by": f"{sort.field}, {'most' if sort.descending else 'least'} first" if sort else None,
        "compared": ", ".join(reading.named),
        "how many": reading.quantity,
        "must fit": reading.fits,
        "a present for": reading.recipient,
        "to go with": reading.goes_with,
    }
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for name, value in rows.items():
        if value:
            table.add_row(name, str(value))
    return table
