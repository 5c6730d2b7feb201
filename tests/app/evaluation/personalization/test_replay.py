from __future__ import annotations

from datetime import timedelta

import pytest

from app.evaluation.personalization.replay import point_in_time
from app.evaluation.personalization.targets import Target, last_orders
from retrievers.purchases import FromTheFuture, Order
from retrievers.ranking.forecast import LAST_PURCHASE, PURCHASED
from tests.app.evaluation.personalization.conftest import START

DAY = timedelta(days=1)


def at(day: float, shopper: str, *products: str) -> Order:
    return Order(f"{shopper}{day}", shopper, START + day * DAY, products)


async def test_features_are_those_of_the_orders_before() -> None:
    orders = [at(0, "ann", "tea"), at(1, "ann", "tea", "cup"), at(40, "ann", "cake")]
    moment = next(point_in_time(orders, last_orders(orders), {}))
    features = await moment.source.shopper("ann", moment.target.cut)
    assert features[PURCHASED].value == {"tea": 2.0, "cup": 1.0}
    assert features[PURCHASED].status == "online"
    assert features[LAST_PURCHASE].status == "stale"  # a session's last purchase counts for thirty days
    assert list(moment.popular) == ["tea", "cup"]
    assert moment.popular_28d == []


async def test_what_happens_at_the_same_moment_is_not_known() -> None:
    orders = [at(0, "ann", "tea"), at(1, "bob", "cake"), at(1, "ann", "cake")]
    (moment,) = point_in_time(orders, last_orders(orders), {})
    assert list(moment.popular) == ["tea"]


async def test_a_moment_kept_until_the_replay_went_on_refuses_to_answer() -> None:
    orders = [at(0, "ann", "tea"), at(0, "bob", "tea"), at(1, "ann", "cake"), at(2, "bob", "cake")]
    first, _ = point_in_time(orders, last_orders(orders), {})
    with pytest.raises(FromTheFuture):
        await first.source.shopper("ann", first.target.cut)
    with pytest.raises(FromTheFuture):
        await first.source.items(["tea"], first.target.cut)


async def test_a_target_after_all_orders_is_reached() -> None:
    (moment,) = point_in_time([at(0, "ann", "tea")], [Target("ann", START + DAY, frozenset())], {})
    assert list(moment.popular_28d) == ["tea"]
