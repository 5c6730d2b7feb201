from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from retrievers.familiar import recall
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.ranking.forecast import Companion
from retrievers.records import Evidence, ItemFacts, ShopperFeatures
from tests.support.builders import NOW, features, product

KNOWN = features(
    user_purchases__purchased_products={"shoe": 1.0, "gel": 4.0, "gone": 1.0}, user_session__last_purchase_product="gel"
)
TOGETHER = {"shoe": {"sock": 0.3}, "gel": {"bottle": 0.2}}


class Shop:
    """Everything but what it no longer has."""

    def __init__(self, down: bool = False) -> None:
        self._down = down
        self.read: list[str] = []

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        return [product(name) for name in (each.split("/")[1] for each in ids) if name != "gone"]

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        return KNOWN

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        if self._down:
            raise FeaturesUnavailable("switched off")
        self.read += product_ids
        return {name: ItemFacts(name, bought_together=TOGETHER.get(name) if orders else None) for name in product_ids}


async def test_an_open_question_recalls_all_that_was_bought_and_its_company() -> None:
    shop = Shop()
    familiar = await recall(KNOWN, None, shop, shop, NOW)
    assert set(familiar.products) == {"shoe", "gel", "sock", "bottle"}
    assert familiar.companions == {"sock": Companion("shoe", 0.3), "bottle": Companion("gel", 0.2)}
    assert set(familiar.facts) == {"shoe", "gel", "gone"}


async def test_a_search_recalls_what_it_found_and_the_last_purchase() -> None:
    shop = Shop()
    familiar = await recall(KNOWN, ["shoe", "mug"], shop, shop, NOW)
    assert set(familiar.facts) == {"shoe", "gel"}
    assert set(familiar.products) == {"gel"}
    assert not familiar.companions


async def test_a_stranger_costs_nothing() -> None:
    shop = Shop()
    assert not (await recall({}, None, shop, shop, NOW)).products
    assert not shop.read


async def test_without_the_shelf_the_products_bought_are_still_known() -> None:
    familiar = await recall(KNOWN, None, Shop(), Shop(down=True), NOW)
    assert set(familiar.products) == {"gel", "shoe"}
    assert not familiar.facts
