"""The study on a real shop, as it is and with the faults it must find planted in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.clock import utc_now
from app.evaluation.counterfactual.asking import ask
from app.evaluation.counterfactual.measures import leaks
from app.evaluation.counterfactual.questions import Question
from app.evaluation.counterfactual.study import ANONYMOUS, Subject, control_fails, holds, study
from app.evaluation.counterfactual.worlds import Worlds, canaries, contradicting, marked, shuffled, stale
from app.runtime import open_shop
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.protocol import FeatureSource
from retrievers.records import ItemFacts, ShopperFeatures
from tests.support.opened_shop import unhurried
from tests.support.small_shop import COATS, LIMITED, RUNNER, build_small_shop

USERS = (RUNNER, COATS, LIMITED)
OPEN = "what should I buy?"
UNITS = {name: known.unit for name, known in retail_descriptions().items()}
QUESTIONS = (
    Question("how long do I have to return something?", "general"),
    Question("when is shipping free?", "general"),
    Question("반품은 며칠 안에 할 수 있나요?", "general", "ko"),
    Question("winter coat", "product"),
    Question("running socks", "product"),
    Question(OPEN, "personal", paraphrases=("what would you recommend?",)),
)


class Confused:
    """A feature source with a fault: whoever asks is given what was read for the one before."""

    def __init__(self, source: FeatureSource) -> None:
        self._source = source
        self._before: ShopperFeatures | None = None

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        found = await self._source.shopper(user_id, now)
        given, self._before = self._before or found, found
        return given

    async def items(self, product_ids: Any, now: datetime, *, orders: bool = False) -> Mapping[str, ItemFacts]:
        return await self._source.items(product_ids, now, orders=orders)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("counterfactual")
    build_small_shop(folder, utc_now(), tmp_path_factory.getbasetemp() / "models")
    return folder


@pytest.fixture
def subject(data: Path) -> Iterator[Subject]:
    yield from _opened(data, lambda worlds: worlds)


@pytest.fixture
def confused(data: Path) -> Iterator[Subject]:
    yield from _opened(data, Confused)


def _opened(data: Path, fault: Callable[[FeatureSource], FeatureSource]) -> Iterator[Subject]:
    made: list[Worlds] = []

    def around(source: FeatureSource) -> FeatureSource:
        made.append(Worlds(source))
        return fault(made[0])

    with open_shop(unhurried(data), around) as shop:
        yield Subject(shop.assistant, made[0], utc_now, UNITS, USERS)


async def test_a_sound_shop_passes_and_its_control_does_not(subject: Subject) -> None:
    report = await study(subject, QUESTIONS)
    assert holds(report), report
    assert control_fails(report), report
    assert report["general"] == {"identical": 1.0, "pairs": 9, "changed": []}
    assert report["over_personalisation"] == {"rate": 0.0, "pairs": 6, "displaced": []}
    assert report["personal"]["lift"] > 0.3
    assert report["personal"]["difference"] > 0.3
    assert report["stability"] == {"repeat": 1.0, "paraphrase": 1.0}
    assert report["stale"] == {"turns": 18, "decisions": 0}
    assert report["contradicting"]["shown"] > 0
    assert report["leakage"] == {"count": 0, "turns": 24, "places": []}
    assert report["interleaved"] == {"turns": 50, "different": 0}
    assert report["control"]["shuffled"]["leakage"] > 0


async def test_a_shop_that_mixes_shoppers_up_is_found_out(confused: Subject) -> None:
    report = await study(confused, QUESTIONS)
    assert not holds(report)
    assert report["leakage"]["count"] > 0
    assert {"answer", "prompt"} <= set(report["leakage"]["places"])


async def test_fifty_turns_at_once_give_what_each_gives_alone(subject: Subject) -> None:
    asked = [(user, question) for question in (OPEN, "laptop", "winter coat under 200") for user in (*USERS, ANONYMOUS)]
    alone = {pair: await ask(subject.assistant, *pair, "en", 5) for pair in asked}
    assert len({outcome.ids for outcome in alone.values()}) > 6
    pairs = [asked[number * 7 % len(asked)] for number in range(50)]
    together = await asyncio.gather(*(ask(subject.assistant, *pair, "en", 5) for pair in pairs))
    for pair, outcome in zip(pairs, together, strict=True):
        expected = alone[pair]
        assert (outcome.answer, outcome.products, outcome.evidence) == (
            expected.answer,
            expected.products,
            expected.evidence,
        )


async def test_a_turn_holds_what_was_sent_to_the_model(subject: Subject) -> None:
    """Without the prompt, half of what could leak would go unseen."""
    with subject.worlds.entered(marked(USERS)):
        word, number = canaries(RUNNER)
        outcome = await ask(subject.assistant, word, OPEN, "en", 5)
    assert word in outcome.said["prompt"]
    assert word in outcome.said["context"]
    assert word in outcome.said["answer"]
    assert leaks([outcome], {word: (word, number)}) == []
    assert {leak.place for leak in leaks([replace(outcome, user_id="x")], {word: (word,)})} == set(outcome.said)


async def test_features_too_old_decide_nothing(subject: Subject) -> None:
    fresh = await ask(subject.assistant, COATS, OPEN, "en", 5)
    with subject.worlds.entered(stale()):
        old = await ask(subject.assistant, COATS, OPEN, "en", 5)
    assert fresh.ids != old.ids
    assert not old.stale_decisions


async def test_a_declared_budget_beats_what_a_shopper_is_used_to_spend(subject: Subject) -> None:
    with subject.worlds.entered(contradicting({COATS: 200.0})):
        outcome = await ask(subject.assistant, COATS, OPEN, "en", 5)
    assert outcome.products
    assert all(product.price is not None and product.price <= 200 for product in outcome.products)
    assert max(product.price or 0 for product in (await ask(subject.assistant, COATS, OPEN, "en", 5)).products) > 200


async def test_in_a_shuffled_world_lists_are_somebody_elses(subject: Subject) -> None:
    own = {user: (await ask(subject.assistant, user, OPEN, "en", 5)).ids for user in USERS}
    with subject.worlds.entered(shuffled(USERS)):
        mixed = {user: (await ask(subject.assistant, user, OPEN, "en", 5)).ids for user in USERS}
    assert [mixed[RUNNER], mixed[COATS], mixed[LIMITED]] == [own[COATS], own[LIMITED], own[RUNNER]]
