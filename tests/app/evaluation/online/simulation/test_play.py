"""Simulated shoppers: their features tell of their taste, and whoever answers by them is clicked more."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from app.evaluation.online.arms import Arm, OnlineExperiment
from app.evaluation.online.simulation.past import simulated
from app.evaluation.online.simulation.play import SHUFFLED, SimulatedFeatures, play, retrieval, with_shuffled
from app.evaluation.online.simulation.taste import Shelf, taste
from app.evaluation.online.study import compare
from app.streaming.projector import Happened, project
from retrievers.catalogue import Product
from retrievers.features.descriptions import retail_descriptions
from retrievers.records import FeatureValue

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
FAVOURITE, BUDGET = "user_behavior:favorite_category", "user_profile:budget_limit"
EXPERIMENT = with_shuffled(
    OnlineExperiment(
        name="play", control="all", arms={"all": Arm(), "without": Arm(without=frozenset({FAVOURITE}))}
    )
)  # fmt: skip
SHELF = Shelf(
    [
        Product(
            product_id=f"{name}-{number}",
            title=f"{name} {number}",
            brand=f"brand-{number % 4}",
            category=("Goods", name),
            price=10.0 + 5 * number,
            rating=4.0 + number / 20,
            popularity=1.0,
        )
        for name in ("Coats", "Pans", "Lamps", "Shoes", "Toys", "Books")
        for number in range(12)
    ]
)


def _project(user_id, events, products):
    return project(Happened(user_id, events, products), retail_descriptions())


@pytest.fixture(scope="module")
def shoppers():
    names = [f"s{number}" for number in range(240)]
    return [simulated(name, taste(SHELF, name), SHELF, NOW, _project) for name in names]


def _ranker(shoppers):
    """Puts the favourite category first, as far as it is told."""
    known = {shopper.user_id: shopper.features for shopper in shoppers}

    async def answers(user_id: str, question: str, arm: Arm) -> list[str]:
        if FAVOURITE in arm.without:
            return sorted(SHELF.products, key=lambda name: name[::-1])[:5]
        wanted = known[user_id][FAVOURITE].value
        return sorted(SHELF.products, key=lambda name: (not name.startswith(str(wanted)), name[::-1]))[:5]

    return answers


def test_features_come_from_what_was_done_and_tell_of_the_taste(shoppers):
    told = [one for one in shoppers if one.features[FAVOURITE].readable]
    right = sum(one.features[FAVOURITE].value in one.taste.categories for one in told)
    assert len(told) > 150
    assert right == len(told)
    assert sum(one.features[FAVOURITE].value == next(iter(one.taste.categories)) for one in told) > 0.6 * len(told)
    assert {one.features[BUDGET].value for one in shoppers} > {None}
    assert all(one.features[BUDGET].value in (None, one.taste.budget) for one in shoppers)
    statuses = Counter(value.status for one in shoppers for value in one.features.values())
    assert {"online", "missing", "stale"} <= statuses.keys()


async def test_whoever_answers_by_taste_is_clicked_more_and_by_another_shoppers_less(shoppers):
    played = await play(EXPERIMENT, shoppers, _ranker(shoppers), SHELF, NOW, lambda done, total: None)
    result = compare(EXPERIMENT, played.exposures, played.events)
    assert result.arms[SHUFFLED].having["ctr"].uplift.p < 0.05
    assert result.arms["all"].figures["ctr"].value > result.arms[SHUFFLED].figures["ctr"].value
    assert played.interleaved.a > 2 * played.interleaved.b
    assert result.owed.to_none == 0
    assert sum(event.kind == "purchase" for event in played.events) > 5


async def test_the_same_shoppers_do_the_same_again(shoppers):
    once, again = [
        await play(EXPERIMENT, shoppers[:40], _ranker(shoppers), SHELF, NOW, lambda done, total: None) for _ in range(2)
    ]
    assert once.events == again.events
    assert once.exposures == again.exposures


async def test_the_shops_own_retrieval_goes_without_what_the_arm_goes_without(shop):
    features = SimulatedFeatures(shop.features)
    answers = retrieval(shop.reader(features=features), 3)
    known = simulated("s", taste(SHELF, "s"), SHELF, shop.now, _project).features
    features.known["s"] = {**known, BUDGET: FeatureValue(BUDGET, 1.0, "online", shop.now, 0.0)}
    assert await answers("s", "winter coat", Arm()) == []
    assert set(await answers("s", "winter coat", Arm(without=frozenset({BUDGET})))) == {"coat-1", "coat-2", "coat-3"}
