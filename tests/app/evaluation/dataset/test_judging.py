from __future__ import annotations

from dataclasses import replace

import pytest

from app.evaluation.dataset.case import DatasetCase
from app.evaluation.dataset.judging import Judging, failing
from app.evaluation.dataset.playing import Played, idle_outputs
from app.evaluation.dataset.references import inputs_of, metadata_of, reference_of
from app.evaluation.evaluators import JUDGED, evaluators
from app.evaluation.evaluators.result import not_applicable
from app.evaluation.experiments.record import Score
from app.evaluation.journeys.seen import empty_answer
from graphs.models.prices import Prices
from graphs.observing import TurnRecord
from graphs.turn import Turn
from retrievers.records import Degradation, FeatureValue

RECORDS = {
    "A": {"product_id": "A", "kind": "mug", "price": 20.0, "stock": 3},
    "B": {"product_id": "B", "kind": "mug", "price": 40.0, "stock": 3},
}
PRICES = Prices.load()
JUDGING = Judging(RECORDS, evaluators(RECORDS, PRICES), PRICES)


def case(given=None, **expect):
    told = {"id": "mugs", "capability": "search", "tags": ["cheap"], "shopper": "maya", "turns": ["mugs under 25"]}
    return DatasetCase.model_validate({**told, "given": given or {}, "expect": expect})


def answer(asked, *shown, **more):
    cards = [{"product_id": each} for each in shown]
    return Played({**idle_outputs(asked), "answer": "Here.", "products": cards, "usage": {}, **more})


CHEAP = {"requires": {"query": {"kind": "mug", "price": {"max": 25}}}}


def test_a_trial_passes_when_everything_that_applies_is_good() -> None:
    trial = JUDGING.trial(case(**CHEAP), answer(case(**CHEAP), "A"))
    assert trial.passed
    assert trial.faults == ()
    scores = {score.key: score.score for score in trial.scores}
    assert scores["constraint_satisfaction"] == 1
    assert scores["refusal"] is None


def test_what_the_assistant_did_wrong_is_its_fault() -> None:
    trial = JUDGING.trial(case(**CHEAP), answer(case(**CHEAP), "A", "B"))
    assert not trial.passed
    assert {fault.label for fault in trial.faults} == {"agent"}
    assert trial.faults[0].check == "constraint_satisfaction"
    assert trial.faults[0].detail == "B: price (40.0)"


def test_a_reference_the_catalogue_contradicts_is_at_fault_itself() -> None:
    impossible = case(requires={"query": {"kind": "mug", "price": {"max": 5}}})
    trial = JUDGING.trial(impossible, answer(impossible))
    assert {fault.label for fault in trial.faults} == {"gold"}
    assert trial.faults[0].detail == "0 products keep the requirements, 1 should be shown"
    exists = case(**CHEAP, exists=False)
    assert not JUDGING.trial(exists, answer(exists)).passed, "it would pass by a wrong reference"
    sold_out = case(given={"shelf": {"A": {"price": 30.0}}}, **CHEAP, exists=False)
    assert JUDGING.trial(sold_out, answer(sold_out, answer="There is none.")).passed


def test_a_machine_that_breaks_is_nobodys_mistake() -> None:
    broken = JUDGING.trial(case(**CHEAP), Played({}, broken="TimeoutError"))
    assert [(fault.label, fault.detail) for fault in broken.faults] == [("infrastructure", "TimeoutError")]
    slow = answer(case(**CHEAP), "B", degraded=[{"part": "features", "kind": "slow"}])
    assert {fault.label for fault in JUDGING.trial(case(**CHEAP), slow).faults} == {"infrastructure"}
    asked_for = case(**CHEAP, degraded=["features"])
    assert {fault.label for fault in JUDGING.trial(asked_for, slow).faults} == {"agent"}


@pytest.mark.parametrize(
    ("kind", "given", "label"),
    [("down", {}, "infrastructure"), ("empty", {}, "agent"), ("down", {"down": ["model"]}, None)],
)
def test_what_the_composer_says_in_place_of_a_model_is_no_pass_of_the_model(kind, given, label) -> None:
    silent = {"degraded": [{"part": "model", "kind": kind, "detail": "no answer"}]}
    final = empty_answer().model_copy(update={"degraded": (Degradation("model", kind, "no answer"),)})
    record = TurnRecord("1", "t", Turn("mugs", "maya"), "m", 0, 5, final=final)
    asked = case(given=given, **CHEAP)
    trial = JUDGING.trial(asked, replace(answer(asked, "A", **silent), records=(record,)))
    assert [(fault.check, fault.label) for fault in trial.faults] == ([("model", label)] if label else [])


def test_a_judge_is_asked_about_controls_only_where_it_decides_and_is_forgiven_its_absence() -> None:
    asked_about = []

    def away(inputs, outputs, reference_outputs):
        asked_about.append(outputs)
        return not_applicable(JUDGED, "away")

    judging = replace(JUDGING, judge=away)
    free, bound = case(**CHEAP), case(**CHEAP, thresholds={JUDGED: 0.5})
    assert judging.trial(free, answer(free, "A")).passed
    assert judging.passes(free, answer(free, "A").outputs, free)
    assert len(asked_about) == 1
    assert [(fault.check, fault.label) for fault in judging.trial(bound, answer(bound, "A")).faults] == [
        (JUDGED, "infrastructure")
    ]
    assert not judging.passes(bound, answer(bound, "A").outputs, bound)
    assert len(asked_about) == 3


def test_a_threshold_makes_a_measure_count_and_has_to_apply() -> None:
    strict = case(source="query", relevant={"A": 1}, thresholds={"mrr": 1})
    assert JUDGING.trial(strict, answer(strict, "A", "B")).passed
    assert not JUDGING.trial(strict, answer(strict, "B", "A")).passed
    never = case(source="query", refuses=False, thresholds={"mrr": 1})
    silent = [Score(key="mrr", score=None), Score(key="refusal", score=1)]
    assert [score.key for score in failing(never, silent)] == ["mrr"]


@pytest.mark.parametrize(
    "expect",
    [
        CHEAP,
        {**CHEAP, "exists": False},
        {"source": "query", "refuses": False},
        {"source": "query", "refuses": True},
        {"source": "query", "count": {"max": 0}},
        {"source": "query", "asks_back": False},
        {"source": "query", "actions": {"forbidden": ["place_order"]}},
        {"source": "query", "degraded": ["features"]},
        {"source": "query", "tells": [{"product": "A", "field": "price"}]},
        {"source": "query", "trajectory": {"subset": ["receive"]}},
        {"source": "query", "features": {"must": ["user_profile:budget_limit"]}},
    ],
)
def test_an_assistant_that_does_nothing_passes_nothing(expect) -> None:
    asked = case(**expect)
    assert not JUDGING.passes(asked, idle_outputs(asked), asked)


def test_a_case_as_an_example() -> None:
    asked = case(given={"shelf": {"B": {"price": 10.0}}}, **CHEAP, relevant={"kind": "mug", "price": {"max": 15}})
    assert inputs_of(asked) == {
        "shopper": "maya",
        "lang": "en",
        "turns": ["mugs under 25"],
        "given": {"shelf": {"B": {"price": 10.0}}},
    }
    assert metadata_of(asked) == {
        "id": "mugs",
        "capability": "search",
        "lang": "en",
        "tags": ["cheap"],
        "sources": ["query"],
    }
    known = {
        "v:budget": FeatureValue("v:budget", 80.0, "online"),
        "v:typical": FeatureValue("v:typical", 5.0, "default"),
    }
    reference = reference_of(asked, RECORDS, known)
    assert reference["requires"] == {"query": {"kind": "mug", "price": {"max": 25}}}
    assert reference["relevant"] == {"B": 1}, "by the shelf of the case"
    assert reference["features"] == {"known": {"v:budget": 80.0}}
