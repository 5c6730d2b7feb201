"""An experiment from its logs to what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.evaluation.online.arms import Arm, OnlineExperiment
from app.evaluation.online.controls import against_itself
from app.evaluation.online.logs import Exposure
from app.evaluation.online.page import page
from app.evaluation.online.study import compare
from app.evaluation.online.telling import as_json, fallbacks, table, verdicts
from app.evaluation.rows import EvaluationError
from tools.ports import ShopperEvent

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
ARMS = {
    "everything": Arm(),
    "without-budget": Arm(without=frozenset({"user_profile:budget_limit"})),
    "without-brand": Arm(without=frozenset({"user_session:last_viewed_brand"})),
}
EXPERIMENT = OnlineExperiment(name="study", control="everything", arms=ARMS)
CTR = {"everything": 0.4, "without-budget": 0.2, "without-brand": 0.4}


def _logs(count: int = 900, *, logged: bool = False):
    rng, exposures, events = Random(5), [], []
    for number in range(count):
        user = f"u{number}"
        arm = EXPERIMENT.arm_of(user)
        shown = Exposure(
            run_id=f"r{number}", user_id=user, time=NOON, products=("P1", "P2"), arm=arm if logged else None
        )
        exposures.append(shown)
        for place, product in enumerate(shown.products):
            if rng.random() < CTR[arm] / (place + 1):
                after = NOON + timedelta(minutes=1)
                events.append(ShopperEvent(f"e{number}{place}", "click", user, product, after, shown.run_id, place))
    return exposures, events


def test_what_matters_is_found_and_said_in_words():
    result = compare(EXPERIMENT, *_logs())
    said = list(verdicts(result))
    assert said[0].startswith("Budget limit earns its keep: with it the share of cards that are clicked is ")
    assert said[1].startswith("Brand viewed last: nothing shows that it matters")
    worth = result.arms["without-budget"].having["ctr"]
    assert worth.p_holm >= worth.uplift.p
    assert worth.uplift.relative_low < 1.0 < worth.uplift.relative_high
    assert result.mismatch_p > 0.001
    first, second = result.arms["everything"].ctr_by_position
    assert first > second > 0
    assert "*" in table(result)[2][2]


def test_harm_is_called_harm_and_lost_shoppers_make_everything_doubtful():
    swapped = EXPERIMENT.model_copy(update={"control": "without-budget", "arms": {**ARMS, "everything": Arm(
        without=frozenset({"user_behavior:avg_order_value"})), "without-budget": Arm()}})  # fmt: skip
    exposures, events = _logs(logged=True)
    kept = [shown for number, shown in enumerate(exposures) if shown.arm != "without-brand" or number % 3]
    said = list(verdicts(compare(swapped, kept, events)))
    assert "believe nothing below" in said[0]
    assert "Average order does harm: with it the share of cards that are clicked is " in said[1]


def test_shoppers_of_two_arms_are_left_out_and_an_unknown_arm_is_an_error():
    exposures, events = _logs(logged=True)
    other = "without-brand" if exposures[0].arm != "without-brand" else "everything"
    twice = exposures[0].model_copy(update={"run_id": "again", "arm": other})
    result = compare(EXPERIMENT, [*exposures, twice], events)
    assert result.mixed == 1
    assert sum(len(arm.shoppers) for arm in result.arms.values()) == len(exposures) - 1
    with pytest.raises(EvaluationError, match="in arm 'x'"):
        compare(EXPERIMENT, [twice.model_copy(update={"arm": "x"})], events)


def test_the_page_and_the_report_say_the_same():
    result = compare(EXPERIMENT, *_logs(300))
    report = as_json(result, against_itself([*result.arms["everything"].shoppers.values()], splits=20), None)
    html = page(result, report)
    assert report["arms"]["without-budget"]["without"] == ["user_profile:budget_limit"]
    assert "<svg" in html
    assert "<script" not in html
    for line in report["verdicts"]:
        assert line in html


def test_nobody_in_an_arm_says_nothing_of_it():
    exposures, events = _logs(30, logged=True)
    result = compare(EXPERIMENT, [shown for shown in exposures if shown.arm != "without-brand"], events)
    assert result.arms["without-brand"].figures == {}
    assert "too little happened" in list(verdicts(result))[-1]
    assert table(result)[3][2:] == ["-"] * 4


def test_what_the_logs_do_not_say_is_told_and_nothing_is_where_they_say_it_all():
    exposures, events = _logs(60, logged=True)
    result = compare(EXPERIMENT, exposures, events)
    assert result.owed.by_run == len(events) > 0
    assert (result.answers.recorded, list(fallbacks(result))) == (60, [])

    nameless = [replace(event, run_id=None) for event in events]
    afterwards = [shown.model_copy(update={"recorded": False}) for shown in exposures[:20]]
    elsewhere = [shown.model_copy(update={"experiment": "another"}) for shown in exposures[20:30]]
    result = compare(EXPERIMENT, [*afterwards, *elsewhere, *exposures[30:]], nameless)
    assert (result.answers.worked_out, result.answers.elsewhere, result.answers.recorded) == (20, 10, 30)
    assert result.owed.by_last_touch + result.owed.to_none == len(events)
    assert [line.split()[0] for line in fallbacks(result)] == [str(result.owed.by_last_touch), "20", "10"]


def test_answers_of_another_experiment_alone_are_an_error():
    exposures, events = _logs(5, logged=True)
    with pytest.raises(EvaluationError, match="another experiment"):
        compare(EXPERIMENT, [shown.model_copy(update={"experiment": "another"}) for shown in exposures], events)
