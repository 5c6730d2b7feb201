from __future__ import annotations

import pytest

from app.evaluation.experiments.outcomes import label_of
from app.evaluation.experiments.record import Trial
from app.evaluation.experiments.summary import summarised
from tests.support.experiments import case, experiment, trial


def test_pass_hat_for_each_k_over_the_cases_played_so_often() -> None:
    """Case a passes 3 of 4, case b both of 2."""
    found = summarised(experiment(case("a", True, True, True, False), case("b", True, True)))
    assert {k: (each.value, each.cases) for k, each in found.pass_hat.items()} == {
        1: (pytest.approx(0.875), 2),
        2: (pytest.approx(0.75), 2),
        3: (pytest.approx(0.25), 1),
        4: (0.0, 1),
    }
    assert found.flaky == ["a"]


def test_a_score_that_does_not_apply_is_neither_good_nor_bad() -> None:
    found = summarised(
        experiment(
            case("a", trial(True, precision=1.0, never=None), trial(True, precision=None, never=None)),
            case("b", trial(True, precision=0.5), trial(True, precision=0.0)),
            case("c", trial(True, precision=None)),
        )
    )
    precision = found.scores["precision"]
    assert precision is not None
    assert (precision.value, precision.cases) == (pytest.approx(0.625), 2)
    assert found.scores["never"] is None


@pytest.mark.parametrize(
    ("failed", "label"),
    [
        (trial(False), "agent"),
        (trial(False, "infrastructure"), "infrastructure"),
        (trial(False, "infrastructure", "gold"), "gold"),
        (trial(False, "gold", "simulator"), "simulator"),
        (trial(False, "infrastructure", "agent", "gold"), "agent"),
        (trial(True, "infrastructure"), None),
    ],
)
def test_the_assistant_is_never_let_off(failed: Trial, label: str | None) -> None:
    assert label_of(failed) == label


def test_the_rate_without_others_faults_stands_beside_the_raw_one() -> None:
    found = summarised(
        experiment(
            case("a", True, trial(False, "infrastructure")),
            case("b", trial(False, "gold"), trial(False, "gold", "agent")),
            case("c", trial(False, "simulator"), True),
            case("d", trial(False, "gold"), trial(False, "infrastructure")),
        )
    )
    assert found.labels == {"agent": 1, "simulator": 1, "gold": 2, "infrastructure": 2}
    assert found.pass_hat[1].value == 0.25
    assert found.fair is not None
    assert (found.fair.value, found.fair.cases) == (0.5, 3)  # 1 of 1, 0 of 1, 1 of 2; of d nothing is left


def test_by_group_and_tag() -> None:
    found = summarised(
        experiment(
            case("a", True, group="cart", tags=("query", "profile")),
            case("b", False, group="cart", tags=("query",)),
            case("c", True, group="orders"),
        )
    )
    assert {name: (each.value, each.cases) for name, each in found.groups.items()} == {
        "cart": (0.5, 2),
        "orders": (1.0, 1),
    }
    assert {name: (each.value, each.cases) for name, each in found.tags.items()} == {
        "profile": (1.0, 1),
        "query": (0.5, 2),
    }


def test_what_was_not_measured_is_not_nought() -> None:
    trials = [Trial(passed=True, latency_ms=float(ms), total_tokens=10, cost_usd=None) for ms in range(1, 102)]
    found = summarised(experiment(case("a", *trials, Trial(passed=True))))
    assert found.latency is not None
    assert (found.latency.p50_ms, found.latency.p95_ms, found.latency.trials) == (51.0, 96.0, 101)
    assert found.tokens is not None
    assert (found.tokens.total, found.tokens.trials) == (1010, 101)
    assert found.cost is None
    assert found.as_json()["cost_usd"] is None
