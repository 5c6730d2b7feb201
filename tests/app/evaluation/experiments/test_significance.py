from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from app.evaluation.experiments.significance import detectable, holm, sign_flip


@pytest.mark.parametrize(("worse", "better"), [(6, 0), (5, 0), (7, 2), (4, 4), (1, 0), (0, 0)])
def test_with_one_trial_a_case_it_is_mcnemars_exact_test(worse: int, better: int) -> None:
    differences = [-1.0] * worse + [1.0] * better + [0.0] * 20
    expected = stats.binomtest(worse, worse + better).pvalue if worse + better else 1.0
    assert sign_flip(differences) == pytest.approx(expected)


def test_as_counted_by_hand() -> None:
    """Of the 8 ways to set the signs of 1, 2 and 3, only +++ and --- come as far as 6; four come as far as 4."""
    assert sign_flip([1.0, 2.0, 3.0]) == pytest.approx(2 / 8)
    assert sign_flip([-1.0, 2.0, 3.0]) == pytest.approx(4 / 8)


def test_many_cases_are_drawn_and_always_the_same_way() -> None:
    differences = list(np.random.default_rng(3).normal(0.5, 1.0, 60))
    p = sign_flip(differences)
    assert p == sign_flip(differences)
    assert p == pytest.approx(stats.ttest_1samp(differences, 0).pvalue, abs=0.01)


def test_noise_is_seldom_taken_for_a_difference() -> None:
    """The control: of 150 comparisons without one about 5% are."""
    rng = np.random.default_rng(4)
    found = sum(sign_flip(list(rng.integers(-2, 3, 10) / 2)) <= 0.05 for _ in range(150))
    assert 0 < found <= 15


def test_holm_as_computed_by_hand() -> None:
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert adjusted == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({"a": 0.7, "b": 0.6}) == {"b": 1.0, "a": 1.0}


def test_five_cases_can_show_nothing() -> None:
    assert detectable([1.0] * 5, bounded=True) is None
    assert detectable([0.0] * 6, bounded=True) == 1.0
    assert detectable([0.0] * 60, bounded=True) == pytest.approx(0.1)
    assert detectable([0.0] * 60, bounded=False) is None


def test_what_can_be_seen_is_seen_four_times_in_five() -> None:
    """Differences of 0.4 on average with a spread of 1: 2.8 / sqrt(49) = 0.4 is the smallest that shows."""
    rng = np.random.default_rng(5)
    drawn = [list(rng.normal(0.4, 1.0, 49)) for _ in range(24)]
    assert np.mean([detectable(each, bounded=False) for each in drawn]) == pytest.approx(0.4, abs=0.02)
    assert 0.6 <= np.mean([sign_flip(each) <= 0.05 for each in drawn]) <= 0.92
