"""Every expectation against what was seen; whatever is not met is told, not only the first."""

from __future__ import annotations

from collections.abc import Iterator

from app.evaluation.journeys.checks.answer import (
    actions_missed,
    citations_missed,
    degraded_missed,
    features_missed,
    filters_missed,
    guard_missed,
)
from app.evaluation.journeys.checks.products import products_missed
from app.evaluation.journeys.checks.stored import cart_missed, orders_missed, preferences_missed
from app.evaluation.journeys.expectation import Expectation
from app.evaluation.journeys.seen import Miss, Seen

_CHECKS = {
    "products": lambda expected, seen: products_missed("products", expected, seen.final.products, seen),
    "nearest": lambda expected, seen: products_missed(
        "nearest", expected, tuple(miss.product for miss in seen.final.nearest), seen
    ),
    "cart": cart_missed,
    "orders": orders_missed,
    "preferences": preferences_missed,
    "filters": filters_missed,
    "citations": citations_missed,
    "degraded": degraded_missed,
    "actions": actions_missed,
    "guard": guard_missed,
    "features": features_missed,
}


def missed(expected: Expectation, seen: Seen) -> Iterator[Miss]:
    for name, check in _CHECKS.items():
        value = getattr(expected, name)
        if value is not None:
            yield from check(value, seen)
    if expected.asks_back is not None and (seen.final.asks_back or False) != expected.asks_back:
        yield Miss("asks_back", expected.asks_back, seen.final.asks_back or False)
    if expected.model is not None and seen.final.model != expected.model:
        yield Miss("model", expected.model, seen.final.model)


__all__ = ["missed"]
