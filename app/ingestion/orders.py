"""Orders from a shop's transactions: one row a product and order, as tills and shop systems export them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.ingestion.columns import ColumnMap, map_columns
from app.ingestion.errors import IngestError
from app.ingestion.tables import Table, read_table
from app.ingestion.values import identifier, moment, number, text
from retrievers.purchases import Order

_NEEDED = ("order_id", "shopper_id", "product_id", "time")


@dataclass(frozen=True, slots=True)
class OrderFile:
    """`orders` by time, then by id; `titles` are what each product was called last. `rows` counts all, kept or not."""

    orders: tuple[Order, ...]
    titles: Mapping[str, str]
    rows: int
    kept: int


@dataclass(frozen=True, slots=True)
class _Line:
    order_id: str
    shopper_id: str
    product_id: str
    time: datetime
    title: str


def read_orders(path: Path, products: str = "") -> OrderFile:
    """Rows of known shoppers with a quantity and a price above zero, where the file has those columns.

    What a shop books beside its goods (postage, returns, vouchers) is left out by `products`, a pattern that the start
    of a product's id must match. Raises IngestError naming a missing column or a pattern that is none, or when no order
    is left.
    """
    table = read_table(path)
    columns = map_columns("order_line", table.columns)
    if missing := [field for field in _NEEDED if not columns.has(field)]:
        raise IngestError(f"{path} has no column for {', '.join(missing)}; it has {', '.join(table.columns)}")
    wanted = _pattern(products)
    lines = [line for row in table.rows if (line := _line(row.values, columns, wanted)) is not None]
    if not lines:
        raise IngestError(
            f"{path}: none of its {len(table.rows)} rows is a sale to a known shopper{_hint(table, columns)}"
        )
    lines.sort(key=lambda line: line.time)
    titles = {line.product_id: line.title or line.product_id for line in lines}
    return OrderFile(tuple(_orders(lines)), titles, len(table.rows) + len(table.bad), len(lines))


def _pattern(products: str) -> re.Pattern[str]:
    try:
        return re.compile(products)
    except re.error as error:
        raise IngestError(f"{products!r} is no pattern for codes: {error}; write it like [0-9]{{5}}") from None


def _line(row: Mapping[str, Any], columns: ColumnMap, wanted: re.Pattern[str]) -> _Line | None:
    """None for what is no sale to somebody known, or cannot be read."""
    held = {field: columns.value(field, row) for field in (*_NEEDED, "title", "quantity", "price")}
    values = {field: found[0] for field, found in held.items() if found is not None}
    if any(field not in values for field in _NEEDED) or not all(
        _positive(values.get(f)) for f in ("quantity", "price")
    ):
        return None
    product, time = identifier(values["product_id"]), moment(values["time"])
    if time is None or not product or not wanted.match(product):
        return None
    title = text(values["title"]) if "title" in values else ""
    return _Line(identifier(values["order_id"]), identifier(values["shopper_id"]), product, time, title)


def _positive(value: Any) -> bool:
    """An absent column says nothing against a sale."""
    try:
        return value is None or number(value) > 0
    except ValueError:
        return False


def _hint(table: Table, columns: ColumnMap) -> str:
    times = (found[0] for row in table.rows if (found := columns.value("time", row.values)) is not None)
    first = next(times, None)
    if first is None or moment(first) is not None:
        return ""
    return f"; times such as {str(first)[:40]!r} cannot be read, write them as 2010-12-01 08:26"


def _orders(lines: list[_Line]) -> Iterator[Order]:
    """An order happens when its first line does."""
    grouped: dict[tuple[str, str], list[_Line]] = {}
    for line in lines:
        grouped.setdefault((line.order_id, line.shopper_id), []).append(line)
    orders = (
        Order(order_id, shopper_id, group[0].time, tuple(dict.fromkeys(line.product_id for line in group)))
        for (order_id, shopper_id), group in grouped.items()
    )
    yield from sorted(orders, key=lambda order: (order.time, order.order_id))
