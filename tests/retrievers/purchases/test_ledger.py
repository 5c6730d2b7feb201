from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrievers.purchases import FromTheFuture, Order, PurchaseLedger
from retrievers.purchases.ledger import KEPT

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def order(day: float, shopper: str, *products: str) -> Order:
    return Order(f"{shopper}-{day}", shopper, START + day * DAY, products)


def test_nothing_is_said_about_a_moment_the_ledger_has_reached() -> None:
    ledger = PurchaseLedger()
    ledger.record(order(0, "ann", "tea"))
    assert ledger.purchased("ann", START + DAY) == {"tea": 1.0}
    for moment in (START, START - DAY):
        with pytest.raises(FromTheFuture, match="holds an order of"):
            ledger.purchased("ann", moment)
        with pytest.raises(FromTheFuture):
            ledger.item("tea", moment)


def test_orders_come_in_the_order_of_their_times() -> None:
    ledger = PurchaseLedger()
    ledger.record(order(2, "ann", "tea"))
    ledger.record(order(2, "bob", "tea"))
    with pytest.raises(FromTheFuture, match="ann-1 is earlier"):
        ledger.record(order(1, "ann", "tea"))


def test_a_ledger_of_what_was_before_leaves_the_rest_out() -> None:
    orders = [order(3, "ann", "cake"), order(1, "ann", "tea"), order(2, "ann", "tea")]
    ledger = PurchaseLedger.of(orders, START + 3 * DAY)
    assert ledger.purchased("ann", START + 3 * DAY) == {"tea": 2.0}
    assert ledger.products() == ("tea",)
    assert ledger.last_order("ann") == START + 2 * DAY


def test_the_most_often_bought_come_first_and_among_equals_the_latest() -> None:
    ledger = PurchaseLedger()
    for day, products in enumerate([("old", "often"), ("often",), ("new",)]):
        ledger.record(order(day, "ann", *products))
    assert list(ledger.purchased("ann", START + 9 * DAY)) == ["often", "new", "old"]
    assert ledger.purchased("stranger", START + 9 * DAY) == {}


def test_a_shopper_who_bought_everything_keeps_what_matters() -> None:
    ledger = PurchaseLedger()
    ledger.record(order(0, "ann", *(f"p{number}" for number in range(300))))
    ledger.record(order(1, "ann", "p7"))
    bought = ledger.purchased("ann", START + 2 * DAY)
    assert len(bought) == KEPT
    assert next(iter(bought)) == "p7"


def test_a_product_nobody_bought_has_no_trend() -> None:
    ledger = PurchaseLedger()
    ledger.record(order(0, "ann", "tea"))
    facts = ledger.item("unsold", START + DAY)
    assert (facts.order_share, facts.trend, facts.bought_together) == (0.0, None, {})
