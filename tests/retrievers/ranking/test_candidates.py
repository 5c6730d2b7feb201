from __future__ import annotations

from retrievers.ranking.candidates import searched, within_limits
from retrievers.records import FilterItem, ItemFacts
from tests.support.builders import product

LIMIT = (FilterItem("price", "lte", 30.0, "stated"),)
CHEAP = product("a", price=20.0)


def test_a_live_price_decides() -> None:
    (dear,) = searched([CHEAP], {"a": ItemFacts("a", price=40.0)})
    assert not within_limits(dear, LIMIT)


def test_a_price_nobody_vouches_for_breaks_a_price_limit_and_no_other() -> None:
    for facts in ({"a": ItemFacts("a", stock=3)}, {}):
        (unknown,) = searched([CHEAP], facts)
        assert not within_limits(unknown, LIMIT)
        assert within_limits(unknown, (FilterItem("stock", "gte", 1.0, "policy"),))


def test_while_the_shelf_cannot_be_read_the_catalogues_price_filters() -> None:
    (candidate,) = searched([CHEAP], None)
    assert within_limits(candidate, LIMIT)
