from __future__ import annotations

from datetime import timedelta

from app.evaluation.personalization.targets import last_orders
from retrievers.purchases import Order
from tests.app.evaluation.personalization.conftest import START


def test_the_last_order_of_those_who_came_back() -> None:
    day = timedelta(days=1)
    orders = [
        Order("1", "ann", START, ("a",)),
        Order("2", "once", START, ("a",)),
        Order("3", "ann", START + day, ("b", "c")),
    ]
    (target,) = last_orders(orders)
    assert (target.shopper_id, target.cut, target.products) == ("ann", START + day, frozenset({"b", "c"}))
