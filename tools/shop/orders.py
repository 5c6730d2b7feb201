"""Orders as rows. Payments are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tools.shop import tables
from tools.shop.lines import read_lines, write_lines
from tools.shop.records import Order, Payment
from tools.shop.refusals import Refused


def read_order(connection: Connection, order_id: str) -> Order | None:
    """As it was written or spoken: with or without the sign before the number, in small letters too."""
    row = (
        connection.execute(select(tables.orders).where(tables.orders.c.order_id.in_(_spellings(order_id))))
        .mappings()
        .first()
    )
    return None if row is None else _order(connection, row)


def read_orders(connection: Connection, user_id: str, limit: int | None = None) -> tuple[Order, ...]:
    """A shopper's, the newest first; those without a date last."""
    columns = tables.orders.c
    newest = (columns.placed_at.desc().nulls_last(), columns.order_id)
    query = select(tables.orders).where(columns.user_id == user_id).order_by(*newest).limit(limit)
    return tuple(_order(connection, row) for row in connection.execute(query).mappings().all())


def save_order(connection: Connection, order: Order) -> Order:
    """The order as stored. Raises Refused when another was stored since this one was read."""
    values = _values(order) | {"version": order.version + 1}
    if order.version == 0:
        connection.execute(insert(tables.orders).values(values))
    else:
        same = (tables.orders.c.order_id == order.order_id) & (tables.orders.c.version == order.version)
        if connection.execute(update(tables.orders).where(same).values(values)).rowcount == 0:
            raise Refused("changed", what="order")
    write_lines(connection, tables.order_lines, tables.order_lines.c.order_id, order.order_id, order.lines)
    _add_payments(connection, order)
    return order.model_copy(update={"version": order.version + 1})


def _spellings(order_id: str) -> list[str]:
    bare = order_id.strip().lstrip("#")
    return [order_id, *(sign + name for name in (bare, bare.upper()) for sign in ("", "#"))]


def _order(connection: Connection, row: Mapping[Any, Any]) -> Order:
    order_id = row["order_id"]
    lines = read_lines(connection, tables.order_lines, tables.order_lines.c.order_id, order_id)
    paid = connection.execute(
        select(tables.payments).where(tables.payments.c.order_id == order_id).order_by(tables.payments.c.position)
    ).mappings()
    payments = tuple(Payment.model_validate(dict(payment)) for payment in paid)
    return Order.model_validate({**row, "lines": lines, "payments": payments})


def _values(order: Order) -> dict[str, Any]:
    plain = order.model_dump(mode="json", include={"address", "parcels", "after_sale"})
    return order.model_dump(exclude={"lines", "payments", "address", "parcels", "after_sale"}) | plain


def _add_payments(connection: Connection, order: Order) -> None:
    stored = len(
        connection.execute(select(tables.payments.c.position).where(tables.payments.c.order_id == order.order_id)).all()
    )
    rows = [
        {"order_id": order.order_id, "position": place, **payment.model_dump()}
        for place, payment in enumerate(order.payments)
    ][stored:]
    if rows:
        connection.execute(insert(tables.payments), rows)
