"""What the shop holds for the shopper: cart, orders, preferences. Whatever the answer says, this is what counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.evaluation.journeys.expectation import ExpectedCart, ExpectedLine, ExpectedOrder, ExpectedOrders
from app.evaluation.journeys.figures import holds, is_figure, is_number
from app.evaluation.journeys.seen import Miss, Seen
from tools.shop.records import Cart, Line, Order


def cart_missed(expected: ExpectedCart, seen: Seen) -> Iterator[Miss]:
    lines = _priced(seen.holdings.cart, seen.holdings.prices)
    told = [_told(line) for line in lines]
    quantity = sum(line.quantity for line in lines)
    total = _total(lines)
    if expected.empty is not None and expected.empty is bool(lines):
        yield Miss("cart.empty", expected.empty, told)
    if expected.quantity is not None and not is_number(expected.quantity, quantity):
        yield Miss("cart.quantity", _plain(expected.quantity), quantity)
    if expected.total is not None and not is_figure(expected.total, total, seen):
        yield Miss("cart.total", _plain(expected.total), total)
    if expected.lines is not None and not _exactly(expected.lines, lines, seen):
        yield Miss("cart.lines", _plain(expected.lines), told)
    if expected.include is not None and not all(_any_line(each, lines, seen) for each in expected.include):
        yield Miss("cart.include", _plain(expected.include), told)


def orders_missed(expected: ExpectedOrders, seen: Seen) -> Iterator[Miss]:
    orders = seen.holdings.orders
    told = [{"id": order.order_id, "status": order.status, "total": float(order.total)} for order in orders]
    if expected.count is not None and not is_number(expected.count, len(orders)):
        yield Miss("orders.count", _plain(expected.count), told)
    for one in expected.include or ():
        if not any(_is_order(one, order, seen) for order in orders):
            yield Miss("orders.include", _plain(one), told)
    for one in expected.exclude or ():
        if any(_is_order(one, order, seen) for order in orders):
            yield Miss("orders.exclude", _plain(one), told)


def preferences_missed(expected: Mapping[str, Any], seen: Seen) -> Iterator[Miss]:
    for name, value in expected.items():
        found = seen.holdings.preferences.get(name)
        found = list(found) if isinstance(found, tuple) else found
        if not (holds(value, found, seen) and (not isinstance(value, list) or len(value) == len(found or ()))):
            yield Miss(f"preferences.{name}", value, found)


def _is_order(expected: ExpectedOrder, order: Order, seen: Seen) -> bool:
    address = order.address.model_dump() if order.address else {}
    return all(
        (
            expected.id is None or order.order_id == expected.id,
            expected.status is None or order.status == expected.status,
            expected.total is None or is_figure(expected.total, float(order.total), seen),
            expected.lines is None or _exactly(expected.lines, order.lines, seen),
            expected.address is None or holds(expected.address, address, seen),
            expected.paid_with is None or expected.paid_with in order.paid(),
            expected.cancel_reason is None or order.cancel_reason == expected.cancel_reason,
        )
    )


def _exactly(expected: Sequence[ExpectedLine], lines: Sequence[Line], seen: Seen) -> bool:
    """Each is one of them, and none is left."""
    return len(expected) == len(lines) and all(_any_line(each, lines, seen) for each in expected)


def _any_line(expected: ExpectedLine, lines: Sequence[Line], seen: Seen) -> bool:
    return any(
        line.product_id == seen.product_id(expected.product)
        and (expected.quantity is None or line.quantity == expected.quantity)
        and (expected.price is None or is_figure(expected.price, _amount(line.price), seen))
        for line in lines
    )


def _priced(cart: Cart, prices: Mapping[str, Decimal | None]) -> tuple[Line, ...]:
    return tuple(line.model_copy(update={"price": prices.get(line.item_id)}) for line in cart.lines)


def _total(lines: Sequence[Line]) -> float | None:
    return None if any(line.price is None for line in lines) else float(sum(line.amount for line in lines))


def _amount(price: Decimal | None) -> float | None:
    return None if price is None else float(price)


def _told(line: Line) -> dict[str, Any]:
    return {"product": line.product_id, "quantity": line.quantity, "price": _amount(line.price)}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.model_dump(exclude_unset=True) if hasattr(value, "model_dump") else value
