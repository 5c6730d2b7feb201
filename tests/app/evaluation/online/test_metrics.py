from __future__ import annotations

import numpy as np
import pytest

from app.evaluation.online import controls
from app.evaluation.online.controls import against_itself
from app.evaluation.online.metrics import METRICS, Figure, Shopper, figure, ratio
from app.evaluation.online.uplift import uplift

CTR, _, CONVERSION, REVENUE = METRICS


def _crowd(rng: np.random.Generator, count: int, ctr: float = 0.2) -> list[Shopper]:
    """Some look a lot and some click easily, so that cards of one shopper resemble each other."""
    crowd = []
    for _ in range(count):
        cards = 5 * int(rng.integers(1, 6))
        clicks = int(rng.binomial(cards, rng.beta(10 * ctr, 10 * (1 - ctr))))
        bought = int(rng.binomial(clicks, 0.1))
        crowd.append(Shopper(cards // 5, cards, clicks, bought, bought, float(bought * rng.gamma(2, 20))))
    return crowd


def test_figures_and_their_intervals_are_those_of_the_bootstrap():
    rng = np.random.default_rng(1)
    crowd = _crowd(rng, 400)
    found = figure(CTR, crowd)
    assert found.value == sum(one.clicks for one in crowd) / sum(one.cards for one in crowd)
    drawn = [figure(CTR, [crowd[i] for i in rng.integers(0, 400, 400)]).value for _ in range(600)]
    assert np.sqrt(found.variance) == pytest.approx(np.std(drawn), rel=0.1)
    cardwise = found.value * (1 - found.value) / sum(one.cards for one in crowd)
    assert found.variance > 2 * cardwise  # cards are no independent trials


def test_intervals_of_an_uplift_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(2)
    found = [uplift(figure(CTR, _crowd(rng, 150, 0.25)), figure(CTR, _crowd(rng, 150))) for _ in range(200)]
    covered = sum(each.low <= 0.05 <= each.high for each in found)
    assert 180 <= covered <= 199
    assert np.mean([each.relative_low <= 0.25 <= each.relative_high for each in found]) >= 0.9


def test_an_uplift_is_told_with_its_p_and_relative_to_the_control():
    rng = np.random.default_rng(3)
    better = uplift(figure(CTR, _crowd(rng, 1_000, 0.3)), figure(CTR, _crowd(rng, 1_000)))
    assert better.p < 1e-6
    assert better.low < 0.1 < better.high
    assert better.relative == pytest.approx(0.5, abs=0.1)


def test_nothing_is_told_of_nobody_and_nothing_sure_of_one():
    one = Shopper(1, 5, 1, 0, 0, 0.0)
    assert figure(CTR, []) is None
    assert figure(CTR, [one]).interval is None
    assert uplift(figure(CTR, [one]), figure(CTR, [one, one])) is None
    assert uplift(figure(REVENUE, [one] * 5), figure(REVENUE, [one] * 5)) is None


def test_the_control_against_itself_finds_no_more_than_chance():
    crowd = _crowd(np.random.default_rng(4), 200)
    found = against_itself(crowd, splits=200)
    assert found.holds
    assert found.found.keys() == {metric.name for metric in METRICS}
    assert against_itself(crowd[:3]) is None


def test_cards_taken_for_independent_trials_would_fail_that_control(monkeypatch):
    """The control has teeth: with a variance that forgets who clicked, it finds differences where there are none."""

    def naive(over, under):
        found, cards = ratio(over, under), int(under.sum())
        return Figure(found.value, found.value * (1 - found.value) / cards, cards) if cards > len(under) else found

    monkeypatch.setattr(controls, "ratio", naive)
    assert not against_itself(_crowd(np.random.default_rng(4), 200), splits=200).holds
