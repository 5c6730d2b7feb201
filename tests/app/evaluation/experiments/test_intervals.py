"""Known answers, and how often the intervals hold what they should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from app.evaluation.experiments.estimator import Runs, pass_shares
from app.evaluation.experiments.intervals import Estimate, bootstrap, difference_of, mean_of, wilson


def test_wilson_as_computed_by_hand() -> None:
    """8 of 10: centre (0.8 + 0.19207) / 1.38415 = 0.71674, half 1.96 / 1.38415 * sqrt(0.016 + 0.0096037) = 0.22658."""
    low, high = wilson([1.0] * 8 + [0.0] * 2)
    assert (low, high) == pytest.approx((0.49016, 0.94331), abs=2e-5)


def test_wilson_of_single_trials_is_scipys() -> None:
    for passed in (0, 3, 29, 30):
        theirs = stats.binomtest(passed, 30).proportion_ci(method="wilson")
        assert wilson([1.0] * passed + [0.0] * (30 - passed)) == pytest.approx((theirs.low, theirs.high))


def test_repeats_of_cases_that_always_end_alike_are_no_new_evidence() -> None:
    once = [Runs(1, 1)] * 8 + [Runs(1, 0)] * 2
    often = [Runs(10, 10)] * 8 + [Runs(10, 0)] * 2
    assert wilson(pass_shares(often, 1)) == wilson(pass_shares(once, 1))


def test_repeats_that_differ_as_cases_do_are() -> None:
    low, high = wilson(pass_shares([Runs(10, 8)] * 5 + [Runs(10, 7)] * 5, 1))
    single = wilson([1.0] * 8 + [0.0] * 2)
    assert high - low < (single[1] - single[0]) / 2


def test_where_all_pass_there_is_doubt_left() -> None:
    assert wilson([1.0] * 20) == pytest.approx((0.8389, 1.0), abs=1e-4)
    assert bootstrap([1.0] * 20) == (None, None)


def test_of_nothing_nothing_is_known_and_of_one_value_only_that() -> None:
    assert mean_of([]) is None
    found = mean_of([320.0])
    assert found is not None
    assert (found.value, found.low, found.high, found.cases) == (320.0, None, None, 1)


def test_values_beyond_one_are_resampled_the_same_way_each_time() -> None:
    values = [3.0, 5.0, 4.0, 8.0, 2.0, 6.0, 4.0, 5.0]
    found = mean_of(values)
    assert found == mean_of(values)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert 3.0 < found.low < np.mean(values) == found.value < found.high < 6.5


def test_differences_of_which_there_are_none_may_still_be_so_many() -> None:
    """0.05 = (1 - share) ** 60, close to the rule of three's 3 / 60."""
    found = difference_of([0.0] * 60, bounded=True)
    assert (found.low, found.high) == pytest.approx((-0.04870, 0.04870), abs=1e-5)
    assert difference_of([0.0] * 60, bounded=False).low is None


@pytest.mark.parametrize(("repeats", "k"), [(1, 1), (4, 1), (4, 4)])
@pytest.mark.parametrize(("often", "seldom"), [(9.0, 1.0), (1.8, 0.2), (49.0, 1.0)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(repeats: int, k: int, often: float, seldom: float) -> None:
    """300 experiments of 60 cases that pass with chances drawn from a beta distribution, whose k-th moment is known."""
    rng = np.random.default_rng(11)
    truth = float(np.prod([(often + i) / (often + seldom + i) for i in range(k)]))
    held = 0
    for _ in range(300):
        passed = rng.binomial(repeats, rng.beta(often, seldom, 60))
        low, high = wilson(pass_shares([Runs(repeats, int(each)) for each in passed], k))
        held += low <= truth <= high
    assert 0.92 <= held / 300 <= 0.995


def test_intervals_of_differences_do_too() -> None:
    rng = np.random.default_rng(12)
    held = 0
    for _ in range(60):
        chance = rng.beta(3, 3, 60)
        change = (rng.binomial(3, chance) - rng.binomial(3, np.clip(chance - 0.1, 0, 1))) / 3
        found = difference_of(list(change), bounded=True)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.0985 <= found.high  # 0.1 less what is cut off at 0
    assert 0.88 <= held / 60 < 1.0


def test_a_small_amount_is_no_share() -> None:
    """Three trials that cost nothing do not say that half of all may cost a dollar."""
    share, amount = mean_of([0.0, 0.0, 0.0]), mean_of([0.0, 0.0, 0.0], "cost_usd")
    assert share is not None
    assert share.high == pytest.approx(0.56, abs=0.01)
    assert amount == Estimate(0.0, None, None, 3)
