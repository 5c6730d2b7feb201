from __future__ import annotations

import numpy as np
import pytest

from app.evaluation.experiments.comparison import compared
from app.evaluation.rows import EvaluationError
from tests.support.experiments import case, experiment, of_passes, trial


def test_a_planted_difference_is_found() -> None:
    rng = np.random.default_rng(1)
    chance = rng.beta(8, 2, 80)
    base, new = (rng.binomial(4, np.clip(chance + shift, 0, 1)) for shift in (0, -0.15))
    found = compared(of_passes(base, 4), of_passes(new, 4))
    assert found.passing.told
    assert found.verdict.startswith("pass^1 is lower than before by 0.1")
    assert found.passing.change.high is not None
    assert found.passing.change.high < 0
    assert len(found.worse) > len(found.better) > 0


def test_noise_is_called_no_difference() -> None:
    rng = np.random.default_rng(2)
    chance = rng.beta(8, 2, 80)
    found = compared(of_passes(rng.binomial(4, chance), 4), of_passes(rng.binomial(4, chance), 4))
    assert not found.passing.told
    assert not any(each.told for each in found.others)
    assert found.verdict.startswith("No difference in pass^1 can be told from 80 cases; one of 0.0")
    assert found.passing.change.low is not None
    assert found.passing.change.high is not None
    assert found.passing.change.low < 0 < found.passing.change.high


def test_few_cases_could_show_nothing_and_say_so() -> None:
    found = compared(of_passes([1, 1, 1]), of_passes([0, 0, 0]))
    assert found.passing.p == 0.25
    assert found.verdict == "No difference in pass^1 can be told from 3 cases, nor could any have been."


def test_a_case_in_one_alone_is_named_and_not_counted() -> None:
    base = experiment(case("both", True), case("gone", False))
    new = experiment(case("fresh", True), case("both", True))
    found = compared(base, new)
    assert (found.cases, found.passing.base, found.passing.new) == (1, 1.0, 1.0)
    assert (found.only_base, found.only_new) == (["gone"], ["fresh"])
    with pytest.raises(EvaluationError, match="no case in common"):
        compared(experiment(case("a", True)), experiment(case("b", True)))


def test_cases_are_paired_by_id_wherever_they_stand() -> None:
    base = experiment(case("a", True, True), case("b", False, False))
    new = experiment(case("b", True, False), case("a", True, True))
    found = compared(base, new)
    assert found.worse == []
    assert [(each.case_id, each.base.passed, each.new.passed) for each in found.better] == [("b", 0, 1)]
    assert [each.name for each in found.others] == ["pass^2"]


def test_scores_are_compared_where_they_apply_in_both() -> None:
    base = experiment(
        *(case(f"c{i}", trial(True, precision=0.5, turns=3.0)) for i in range(8)),
        case("none", trial(True, precision=None)),
    )
    new = experiment(
        *(case(f"c{i}", trial(True, precision=0.9, turns=3.0)) for i in range(8)),
        case("none", trial(True, precision=0.0, only_new=1.0)),
    )
    found = compared(base, new)
    precision, turns = found.others
    assert (precision.name, precision.change.cases) == ("precision", 8)
    assert precision.change.value == pytest.approx(0.4)
    assert precision.p == pytest.approx(2 * 2 / 2**8)  # all one way, and two evaluators are tested
    assert (turns.p, turns.told) == (1.0, False)
    assert found.unpaired == ["only_new"]


def test_what_was_set_otherwise_is_told() -> None:
    base = experiment(case("a", True), model="composer", index="g1")
    new = experiment(case("a", True), model="gpt", index="g1", prompt="2")
    assert compared(base, new).settings == {"model": ("composer", "gpt"), "prompt": (None, "2")}
