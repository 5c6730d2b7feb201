"""From a stranger to somebody known, on real parts: each step changes what is shown and says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from graphs.answer import FinalAnswer
from graphs.turn import Turn
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.store import FeastStore
from retrievers.records import UnifiedContext
from tests.support.whole_shop import Shop

OPEN = "what should I buy?"
K = 3


@pytest.fixture(scope="module")
def store(shop: Shop) -> FeastStore:
    return FeastStore(FeatureStoreConfig(shop.data / "features"))


class Newcomer:
    """Somebody about whom things become known one after the other."""

    def __init__(self, user_id: str, shop: Shop, store: FeastStore) -> None:
        self._user_id, self._shop, self._store = user_id, shop, store

    def tells(self, view: str, **values: Any) -> None:
        self._push(view, "user_id", self._user_id, values)

    def _push(self, view: str, key: str, name: str, values: dict[str, Any]) -> None:
        declared = [known.name.split(":")[1] for known in retail_descriptions().values() if known.view == view]
        time = self._shop.now - timedelta(minutes=1)
        row = {key: name, "event_timestamp": time, **dict.fromkeys(declared), **values}
        self._store.push(view, pd.DataFrame([row]))

    def shop_knows(self, product_id: str, **values: Any) -> None:
        self._push("item_purchases", "product_id", product_id, values)

    async def asks(self) -> tuple[UnifiedContext, FinalAnswer]:
        known = await self._shop.reader().everything_known(self._user_id, OPEN, K)
        return known, await self._shop.assistant().ask(Turn(OPEN, self._user_id))


def shown(known: UnifiedContext) -> list[str]:
    return [str(e.metadata["product_id"]) for e in known.evidence if e.type == "product"]


def kinds(known: UnifiedContext) -> set[str]:
    return {reason.kind for reasons in known.reasons.values() for reason in reasons}


async def test_the_ladder_from_defaults_over_two_answers_to_what_was_looked_at(shop: Shop, store: FeastStore) -> None:
    newcomer = Newcomer("newcomer", shop, store)

    stranger, answer = await newcomer.asks()
    assert {value.status for value in stranger.features.values() if value.value is not None} == {"default"}
    assert "defaults_used" in stranger.notices
    assert kinds(stranger) <= {"popular_default"}
    assert len(answer.products) >= K

    newcomer.tells("user_profile", onboarding_categories=["Outerwear", "Running"], onboarding_budget=200.0)
    onboarded, answer = await newcomer.asks()
    answered = {name for name, value in onboarded.features.items() if value.status == "onboarding"}
    assert answered == {"user_profile:onboarding_categories", "user_profile:onboarding_budget"}
    assert shown(onboarded) != shown(stranger)
    assert {item.feature for item in onboarded.plan.honoured if item.feature} == answered
    assert all((onboarded.items[name].price or 0) <= 200 for name in shown(onboarded))
    assert "onboarding_budget" in kinds(onboarded)
    assert any("the budget you told us" in why for card in answer.products for why in card.why)
    assert {value.status for value in onboarded.features.values()} == {"onboarding", "missing"}

    newcomer.tells(
        "user_session", last_viewed_product="sock-1", last_viewed_brand="Arbor", last_viewed_category="Running socks"
    )
    newcomer.tells("user_clicks_last_24h", click_count=3, favorite_category="Running", browse_minutes={"Running": 6.0})
    personal, answer = await newcomer.asks()
    assert shown(personal) != shown(onboarded)
    assert all("Running" in e.metadata["category"] for e in personal.evidence if e.type == "product")
    assert kinds(personal) & {"browsed_category", "last_viewed_category", "last_viewed_brand"}
    assert any("you" in why for card in answer.products for why in card.why)
    assert all((personal.items[name].price or 0) <= 200 for name in shown(personal))  # what was declared still holds


async def test_two_answers_say_what_their_category_did(shop: Shop, store: FeastStore) -> None:
    newcomer = Newcomer("categories-only", shop, store)
    newcomer.tells("user_profile", onboarding_categories=["Outerwear"])
    known, answer = await newcomer.asks()
    assert all("Outerwear" in e.metadata["category"] for e in known.evidence if e.type == "product")
    assert "user_profile:onboarding_categories" in {item.feature for item in known.plan.honoured}
    assert answer.products


async def test_what_runs_out_is_offered_again_and_what_goes_with_it_too(shop: Shop, store: FeastStore) -> None:
    """The gel is the least popular of its shelf and the dock of the shop: only purchases bring them up."""
    regular = Newcomer("regular", shop, store)
    before, _ = await regular.asks()
    assert not {"gel-1", "dock-1"} & set(shown(before))
    regular.shop_knows("gel-1", order_share=0.01, trend=1.0, repurchase_rate=0.4)
    regular.shop_knows("coat-1", order_share=0.01, trend=1.0, repurchase_rate=0.0005, bought_together={"dock-1": 0.9})
    regular.tells("user_purchases", purchased_products={"gel-1": 4.0, "coat-1": 1.0})
    known, answer = await regular.asks()
    assert shown(known)[0] == "gel-1"
    assert "coat-1" not in shown(known)
    assert [(r.kind, r.params) for r in known.reasons["gel-1"]] == [("bought_often", {"times": 4.0})]
    whys = {card.product_id: card.why for card in answer.products}
    assert list(whys["gel-1"]) == ["which you bought 4 times"]
    assert "often bought with Nordlys Fjell down winter coat, which you bought" in whys["dock-1"]
    assert "which you bought 4 times" in answer.answer
    assert all(claim.verdict in ("supported", "not_a_claim") for claim in answer.claims)
