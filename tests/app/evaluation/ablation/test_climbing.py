"""The ladder on the small shop: what every rung finds, and the control that has to fail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from app.cli.evaluation.judged import judging_over
from app.evaluation.ablation import RUNGS, Climb, Rung, climb
from app.evaluation.ablation.climbing import fit
from app.evaluation.ablation.golden import Golden
from app.evaluation.ablation.rung_worlds import Reading, RungWorlds
from app.evaluation.dataset import measure
from app.evaluation.dataset.case import DatasetCase
from app.evaluation.experiments.record import Case, Experiment, Trial
from app.worlds import open_worlds
from graphs.answer import FinalAnswer
from tests.support.demo_shop import offline
from tests.support.small_shop import LIMITED, RUNNER

WHEN = datetime(2026, 11, 3, tzinfo=UTC)


def case(name: str, *turns: str, shopper: str = "new", **expect: Any) -> DatasetCase:
    given = {"id": name, "capability": "search", "shopper": shopper, "turns": list(turns), "expect": expect}
    return DatasetCase.model_validate(given)


COATS = case("coats", "winter coats under $200", requires={"query": {"kind": "winter coat", "price": {"max": 200}}})
LAPTOP = case(
    "laptop",
    "laptops",
    shopper=LIMITED,
    requires={"query": {"category": "Computers"}, "profile": {"price": {"max": 500}}},
)
OPEN = case("open", "what should I buy?", shopper=RUNNER, requires={"profile": {"category": "Running"}})


async def answers(shop: Any, rung: Rung, *cases: DatasetCase) -> Mapping[str, FinalAnswer]:
    """The last answer of each."""
    settings, reading = offline(shop.data), Reading(rung)
    with open_worlds(settings, reading.through, rung.taste) as worlds:
        judging = await judging_over(worlds, {each.id: each for each in cases}, settings)
        own = RungWorlds(worlds, rung, reading, Golden(worlds.base.index, judging.records))
        report = await measure(cases, own, judging, rung.name, WHEN, {})
    assert not any(runs[-1].broken for runs in report.played.values()), str(report.as_json()["failures"])
    played = {name: runs[-1].records[-1].final for name, runs in report.played.items()}
    return {name: final for name, final in played.items() if final is not None}


def ids(final: FinalAnswer) -> list[str]:
    return [card.product_id for card in final.products]


@pytest.fixture(scope="module")
def by_name() -> dict[str, Rung]:
    return {rung.name: rung for rung in RUNGS}


async def test_without_evidence_nothing_is_shown_and_nothing_breaks(shop, by_name) -> None:
    found = await answers(shop, by_name["no_evidence"], COATS, LAPTOP)
    assert [ids(final) for final in found.values()] == [[], []]
    assert all(final.answer and not final.degraded for final in found.values())


async def test_golden_evidence_is_what_the_references_name(shop, by_name) -> None:
    found = await answers(shop, by_name["golden_evidence"], COATS, LAPTOP)
    assert ids(found["coats"]) == ["coat-3"]
    assert set(ids(found["laptop"])) == {"laptop-2", "sleeve-1", "dock-1"}


@pytest.mark.parametrize("name", ["bm25", "dense", "hybrid"])
async def test_a_search_alone_keeps_what_was_said_and_knows_nobody(shop, by_name, name: str) -> None:
    found = await answers(shop, by_name[name], COATS, LAPTOP)
    assert ids(found["coats"])[0] == "coat-3"
    assert "laptop-1" in ids(found["laptop"])
    assert {feature.status for feature in found["laptop"].features} <= {"missing", "default"}


async def test_features_filter_before_they_order(shop, by_name) -> None:
    filtered = await answers(shop, by_name["features"], LAPTOP, OPEN)
    whole = await answers(shop, by_name["rerank"], LAPTOP, OPEN)
    assert "laptop-1" not in ids(filtered["laptop"])
    assert set(ids(filtered["open"])) <= {"shoe-1", "shoe-2", "sock-1", "watch-1", "gel-1"}
    assert ids(filtered["open"]) != ids(whole["open"])


def experiment(rung: str, *passed: bool) -> Experiment:
    cases = [Case(id=f"c{number}", group="g", trials=(Trial(passed=each),)) for number, each in enumerate(passed)]
    return Experiment(name=rung, kind="ablation", created=WHEN, cases=tuple(cases))


async def test_cases_that_differ_by_rung_for_other_reasons_are_left_out() -> None:
    broken = COATS.model_copy(update={"id": "broken", "given": COATS.given.model_copy(update={"down": ["index"]})})
    later = case("later", "winter coats", "cheaper", requires={"query": {"kind": "winter coat"}})
    cases = [COATS, broken, later]

    async def play(rung: Rung) -> Experiment:
        return experiment(rung.name, True)

    assert fit(cases) == [COATS]
    assert (await climb(cases, play)).left_out == ["broken", "later"]


@pytest.mark.parametrize(("none", "golden", "sound"), [(0, 12, True), (12, 12, False), (12, 0, False), (6, 7, False)])
def test_the_control_is_that_golden_evidence_helps(none: int, golden: int, sound: bool) -> None:
    passed = {"no_evidence": none, "golden_evidence": golden}
    experiments = {
        rung.name: experiment(rung.name, *(number < passed.get(rung.name, 6) for number in range(12))) for rung in RUNGS
    }
    climbed = Climb(experiments, [])
    assert climbed.sound is sound
    told = climbed.as_json()
    assert list(told["rungs"]) == [rung.name for rung in RUNGS]
    assert told["rungs"]["golden_evidence"]["pass"]["pass^1"]["value"] == pytest.approx(golden / 12, abs=1e-4)
