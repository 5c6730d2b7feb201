from __future__ import annotations

import pytest

from app.evaluation.experiments.estimator import Runs, pass_hat


@pytest.mark.parametrize(
    ("runs", "k", "expected"),
    [
        ([Runs(4, 3)], 1, 0.75),
        ([Runs(4, 3)], 2, 0.5),  # 3 of the 6 pairs
        ([Runs(4, 3)], 3, 0.25),  # 1 of the 4 triples
        ([Runs(4, 3)], 4, 0.0),
        ([Runs(4, 4), Runs(4, 2), Runs(4, 0)], 2, 0.3889),  # (1 + 1/6 + 0) / 3
        ([Runs(2, 2), Runs(1, 0)], 2, 1.0),  # one run says nothing about two
    ],
)
def test_as_counted_by_hand(runs: list[Runs], k: int, expected: float) -> None:
    assert pass_hat(runs, k) == expected


def test_without_a_task_played_so_often_nothing_is_known() -> None:
    assert pass_hat([Runs(1, 1)], 2) is None
