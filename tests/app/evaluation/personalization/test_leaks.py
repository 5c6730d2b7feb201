"""Each planted leak must be caught, the replay that is used must not be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.evaluation.personalization.leaks import leaking, peeking
from app.evaluation.personalization.replay import Moment, Replay, point_in_time
from app.evaluation.personalization.targets import Target, last_orders
from retrievers.features.protocol import FeatureSource
from retrievers.purchases import Order, PurchaseLedger
from retrievers.records import ItemFacts, ShopperFeatures

_END = datetime.max.replace(tzinfo=UTC)
Kinds = Mapping[str, str]


class _Leaky:
    """A source one of whose reads is answered by a job that ran too late."""

    def __init__(self, honest: FeatureSource, late: FeatureSource, leak: str) -> None:
        self._of = {name: late if name == leak else honest for name in ("shopper", "items")}

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        return await self._of["shopper"].shopper(user_id, now)

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        return await self._of["items"].items(product_ids, now, orders=orders)


def _planted(leak: str) -> Replay:
    def replay(orders: Sequence[Order], targets: Sequence[Target], kinds: Kinds) -> Iterator[Moment]:
        pairs = zip(point_in_time(orders, targets, kinds), peeking(orders, targets, kinds), strict=True)
        for honest, late in pairs:
            if leak == "popular":
                yield replace(honest, popular=late.popular)
            else:
                yield replace(honest, source=_Leaky(honest.source, late.source, leak))

    return replay


def _off_by_one(orders: Sequence[Order], targets: Sequence[Target], kinds: Kinds) -> Iterator[Moment]:
    """The mistake people make: what happened at the very moment counts as the past."""
    for moment in point_in_time(orders, targets, kinds):
        ledger = PurchaseLedger.of([order for order in orders if order.time <= moment.target.cut], _END, kinds)
        yield replace(moment, popular=ledger.products())


async def test_the_replay_that_is_used_knows_nothing_of_the_future(orders: list[Order]) -> None:
    targets = last_orders(orders)
    assert len(targets) > 20
    assert await leaking(point_in_time, orders, targets, {}) == []


@pytest.mark.parametrize("leak", ["shopper", "items", "popular"])
async def test_a_leak_in_any_one_place_is_caught(orders: list[Order], leak: str) -> None:
    targets = last_orders(orders)[:-1]  # the very last order of all has no future but itself
    assert await leaking(_planted(leak), orders, targets, {}) == targets


async def test_everything_leaking_is_caught_even_in_the_last_order(orders: list[Order]) -> None:
    targets = last_orders(orders)
    assert await leaking(peeking, orders, targets, {}) == targets


async def test_an_order_that_counts_as_its_own_past_is_caught(orders: list[Order]) -> None:
    targets = last_orders(orders)[5:10]
    replay = _off_by_one
    assert await leaking(replay, orders, targets, {}) == targets
