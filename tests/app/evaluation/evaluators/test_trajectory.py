from __future__ import annotations

from itertools import permutations

import pytest

from app.evaluation.evaluators.trajectory import MODES, trajectory_match

STEPS = ["receive", ["fetch_features", "retrieve"], "generate"]


def score(mode, taken, steps=STEPS):
    found = {
        each["key"]: each["score"]
        for each in trajectory_match({}, {"trajectory": taken}, {"trajectory": {mode: steps}})
    }
    assert [key for key, value in found.items() if value is not None] == [f"trajectory_{mode}"]
    return found[f"trajectory_{mode}"]


@pytest.mark.parametrize("branches", list(permutations(["fetch_features", "retrieve"])))
def test_branches_may_begin_in_any_order(branches) -> None:
    assert score("strict", ["receive", *branches, "generate"]) == 1


@pytest.mark.parametrize(
    ("taken", "modes"),
    [
        (["receive", "fetch_features", "retrieve", "generate"], {"strict", "unordered", "subset", "superset"}),
        (["fetch_features", "receive", "retrieve", "generate"], {"unordered", "subset", "superset"}),
        (["receive", "generate"], {"subset"}),
        (["receive", "fetch_features", "retrieve", "generate", "generate"], {"superset"}),
        (["receive", "act"], set()),
        ([], set()),
    ],
)
def test_each_mode_allows_what_it_says(taken, modes) -> None:
    assert {mode for mode in MODES if score(mode, taken) == 1} == modes


def test_without_steps_or_a_known_way_nothing_applies() -> None:
    for outputs, reference in (({"trajectory": ["receive"]}, {}), ({}, {"trajectory": {"strict": STEPS}})):
        assert [each["score"] for each in trajectory_match({}, outputs, reference)] == [None] * 4
