from __future__ import annotations

import copy
from typing import Any

import pytest

from app.evaluation.tau_retail.states import differing, same

FINAL: dict[str, dict[str, Any]] = {
    "orders": {"#W1": {"status": "cancelled", "payment_history": [{"amount": 16.97}]}},
    "users": {"mina_1": {"orders": ["#W1", "#W2"], "balance": 5}},
}


def changed(kind: str, key: str, **fields: Any) -> dict[str, dict[str, Any]]:
    found = copy.deepcopy(FINAL)
    found[kind].setdefault(key, {}).update(fields)
    return found


@pytest.mark.parametrize(
    "found",
    [
        FINAL,
        changed("orders", "#W1", payment_history=[{"amount": 16.96999999999997}]),
        changed("users", "mina_1", orders=["#W2", "#W1"]),
    ],
)
def test_noise_behind_the_cents_and_the_order_of_orders_mean_nothing(found: dict[str, dict[str, Any]]) -> None:
    assert same(found, FINAL)
    assert differing(found, FINAL) == []


@pytest.mark.parametrize(
    ("found", "ids"),
    [
        (changed("orders", "#W1", status="pending"), ["#W1"]),
        (changed("orders", "#W9", status="cancelled"), ["#W9"]),  # nobody asked for it
        (changed("orders", "#W1", payment_history=[{"amount": 16.98}]), ["#W1"]),
        ({"orders": {}, "users": {}}, ["#W1", "mina_1"]),
    ],
)
def test_what_differs_is_named(found: dict[str, dict[str, Any]], ids: list[str]) -> None:
    assert not same(found, FINAL)
    assert differing(found, FINAL) == ids
    assert differing(FINAL, found) == ids
