from __future__ import annotations

from random import Random

import numpy as np

from app.evaluation.online.interleaving import preference, team_draft
from app.evaluation.online.metrics import METRICS, Shopper, figure
from app.evaluation.online.uplift import uplift

A, B = ["1", "2", "3", "4", "5"], ["3", "1", "6", "7", "8"]


def test_teams_pick_in_turn_and_each_product_stands_once():
    for seed in range(50):
        mixed = team_draft(A, B, 5, Random(seed))
        assert len(set(mixed.products)) == 5
        for picked in range(2, 5, 2):
            assert mixed.teams[:picked].count("a") == mixed.teams[:picked].count("b")
        for team, ranking in (("a", A), ("b", B)):
            own = [product for product, whose in zip(mixed.products, mixed.teams, strict=True) if whose == team]
            assert own == sorted(own, key=ranking.index)
    assert {team_draft(A, B, 5, Random(seed)).products[0] for seed in range(20)} == {"1", "3"}


def test_rankings_that_run_out_leave_the_rest_to_the_other():
    assert set(team_draft(["1"], ["1", "2", "3"], 5, Random(0)).products) == {"1", "2", "3"}
    assert team_draft([], [], 5, Random(0)).products == ()


def test_credit_is_the_teams_and_shoppers_are_the_unit():
    mixed = team_draft(A, B, 4, Random(0))
    a = {product for product, team in zip(mixed.products, mixed.teams, strict=True) if team == "a"}
    assert mixed.credit(a) == 2
    assert mixed.credit(set(mixed.products)) == 0
    found = preference([[1, 1], [1, -1], [-3, 1]])
    assert (found.a, found.b, found.ties, found.share) == (1, 1, 1, 0.5)
    assert preference([[1]] * 6).p == 2 / 2**6


def test_a_ranking_against_itself_is_preferred_by_nobody():
    credits = []
    for seed in range(300):
        rng = Random(seed)
        mixed = team_draft(A, A, 5, rng)
        credits.append([mixed.credit({product for product in mixed.products if rng.random() < 0.3})])
    assert preference(credits).p > 0.01


def test_interleaving_sees_a_difference_with_fewer_shoppers_than_two_arms_do():
    """Shoppers differ far more in how readily they click than the rankings do in what they are worth."""
    found = {"interleaved": 0, "arms": 0}
    better, worse = [f"p{n}" for n in range(10)], [f"p{n}" for n in (3, 4, 5, 0, 1, 2, 6, 7, 8, 9)]
    for trial in range(25):
        rng, nature = Random(trial), np.random.default_rng(trial)

        def clicked(products, eager, rng=rng):
            worth = {f"p{n}": 0.5 if n < 3 else 0.25 for n in range(10)}
            return {p for place, p in enumerate(products[:5], 1) if rng.random() < eager * worth[p] / place}

        crowd = [float(each) for each in nature.beta(1, 1, 160)]
        credits = [
            [mixed.credit(clicked(mixed.products, eager))]
            for eager in crowd
            for mixed in [team_draft(better, worse, 5, rng)]
        ]
        arms = [
            [Shopper(1, 5, len(clicked(ranking, eager)), 0, 0, 0.0) for eager in crowd[half::2]]
            for half, ranking in ((0, better), (1, worse))
        ]
        found["interleaved"] += preference(credits).p < 0.05
        difference = uplift(*(figure(METRICS[0], each) for each in arms))
        found["arms"] += difference is not None and difference.p < 0.05
    assert found["interleaved"] >= found["arms"] + 5
