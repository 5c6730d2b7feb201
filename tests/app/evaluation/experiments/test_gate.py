"""Every threshold breaks when it is not reached, holds when it is, and never holds for want of a measurement."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.evaluation.experiments.comparison import compared
from app.evaluation.experiments.gate import broken
from app.evaluation.experiments.record import Experiment, Trial
from app.evaluation.experiments.summary import summarised
from app.evaluation.experiments.thresholds import read_thresholds
from app.evaluation.rows import EvaluationError
from tests.support.experiments import case, experiment, of_passes, trial

EXAMPLE = Path(__file__).parents[4] / "examples" / "gate.toml"


def lines(path: Path, toml: str, measured: Experiment, base: Experiment | None = None) -> list[str]:
    (path / "gate.toml").write_text(toml)
    comparison = compared(base, measured) if base else None
    return broken(summarised(measured), read_thresholds(path / "gate.toml"), comparison)


MEASURED = experiment(
    *(case(f"c{i}", trial(i < 18, *(() if i < 18 else ("gold",)), precision=0.9, leaks=0.1)) for i in range(19)),
    case("slow", Trial(passed=True, latency_ms=700.0, total_tokens=50, cost_usd=0.5), group="orders", tags=("query",)),
)  # 19 of 20 pass


@pytest.mark.parametrize(
    ("kept", "unkept", "said"),
    [
        ("min_cases = 20", "min_cases = 21", "min_cases: 20 cases, at least 21 wanted"),
        ('[pass]\n"pass^1" = 0.95', '[pass]\n"pass^1" = 0.96', "pass.pass^1: 0.9500 (20 cases), min 0.96 wanted"),
        ("[groups]\ncart = 0.9", "[groups]\ncart = 0.95", "groups.cart: 0.9474 (19 cases), min 0.95 wanted"),
        ("[groups]\norders = 1.0", "[groups]\nordres = 0.1", "groups.ordres: never measured, min 0.1 wanted"),
        ("[tags]\nquery = 1.0", "[tags]\nprofile = 0.0", "tags.profile: never measured, min 0 wanted"),
        ("[scores.precision]\nmin = 0.9", "[scores.precision]\nmin = 0.91", "scores.precision: 0.9000 (19 cases), min"),
        ("[scores.leaks]\nmax = 0.1", "[scores.leaks]\nmax = 0.09", "scores.leaks: 0.1000 (19 cases), max 0.09 wanted"),
        ("[scores.leaks]\nmax = 1", "[scores.leak]\nmax = 1", "scores.leak: never measured, max 1 wanted"),
        ("[failed]\ngold = 1", "[failed]\ngold = 0", "failed.gold: 1 trials, max 0 wanted"),
        ("[latency]\np95_ms = 700", "[latency]\np95_ms = 699", "latency.p95_ms: 700, max 699 wanted"),
    ],
)
def test_a_threshold_is_kept_or_broken(tmp_path: Path, kept: str, unkept: str, said: str) -> None:
    assert lines(tmp_path, kept, MEASURED) == []
    (line,) = lines(tmp_path, unkept, MEASURED)
    assert line.startswith(said)


def test_what_was_measured_in_some_trials_alone_is_not_measured(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, "[spending]\ncost_usd = 9.0", MEASURED)
    assert line == "spending.cost_usd: not measured in every trial, max 9 wanted"
    whole = experiment(case("a", Trial(passed=True, total_tokens=10, cost_usd=0.5, latency_ms=1.0)))
    assert lines(tmp_path, "[spending]\ncost_usd = 0.5\ntokens = 10", whole) == []
    assert lines(tmp_path, "[spending]\ncost_usd = 0.4\ntokens = 9", whole) == [
        "spending.tokens: 10, max 9 wanted",
        "spending.cost_usd: 0.5, max 0.4 wanted",
    ]


def test_the_end_of_the_interval_can_be_what_counts(tmp_path: Path) -> None:
    few, many = of_passes([1] * 20), of_passes([1] * 200)
    wanted = '[pass]\n"pass^1" = 0.95'
    assert lines(tmp_path, wanted, few) == []
    strict = f'judged_by = "interval"\n{wanted}'
    assert lines(tmp_path, strict, few) == ["pass.pass^1: 1.0000, lower end 0.8389 (20 cases), min 0.95 wanted"]
    assert lines(tmp_path, strict, many) == []
    one = experiment(case("a", trial(True, turns=3.0)))
    (line,) = lines(tmp_path, 'judged_by = "interval"\n[scores.turns]\nmax = 9', one)
    assert line == "scores.turns: 3.0000 without an interval (1 case), max 9 wanted"


def test_a_drop_is_a_regression_only_beyond_what_is_allowed(tmp_path: Path) -> None:
    base, worse, slightly = of_passes([1] * 20), of_passes([0] * 8 + [1] * 12), of_passes([0] * 2 + [1] * 18)
    allowed, told = "[regression]\nmax_drop = 0.05", "[regression]\nmax_drop = 0.05\nsignificant = true"
    assert lines(tmp_path, allowed, base, base) == []
    for toml in (allowed, told):
        (line,) = lines(tmp_path, toml, worse, base)
        assert line == "regression: pass^1 dropped by 0.4000 (p = 0.0078), max 0.05 wanted"
    assert len(lines(tmp_path, allowed, slightly, base)) == 1
    assert lines(tmp_path, told, slightly, base) == []


def test_leaving_cases_out_is_no_way_past_it(tmp_path: Path) -> None:
    base, fewer = of_passes([1, 1, 0]), of_passes([1, 1])
    (line,) = lines(tmp_path, "[regression]\nmax_drop = 0.5", fewer, base)
    assert line == "regression: 1 case of the base not played, such as 'c2'"
    assert lines(tmp_path, "[regression]\nmax_drop = 0.5\nmissing_cases = 1", fewer, base) == []


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("", "no threshold is stated"),
        ('judged_by = "value"', "no threshold is stated"),
        ("[latency]\np95 = 3", "latency.p95: there is no such key"),
        ("[scores]\nndcg = 0.5", "scores.ndcg: expected a table, such as {min = 0.9}"),
        ('[pass]\n"pass^0" = 0.5', r"pass.pass\^0: string should match"),
        ('[pass]\n"pass^1" = 95', r"pass.pass\^1: input should be less than or equal to 1"),
        ('[pass]\n"pass^1" = "0.9"', r"pass.pass\^1: input should be a valid number"),
        ("[scores.precision]", "scores.precision: give a min or a max"),
        ("[regression]\nsignificant = true", "regression.max_drop: field required"),
        ("[failed]\nnobody = 0", "failed.nobody: input should be 'agent'"),
        ("pass = [", "is not TOML"),
    ],
)
def test_a_file_that_says_something_else_is_one_line(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "gate.toml").write_text(toml)
    with pytest.raises(EvaluationError, match=said) as caught:
        read_thresholds(tmp_path / "gate.toml")
    assert "\n" not in str(caught.value)


def test_the_example_can_be_used_with_and_without_what_is_commented_out(tmp_path: Path) -> None:
    stated = read_thresholds(EXAMPLE)
    assert stated.pass_hat == {"pass^1": 0.95}
    text = EXAMPLE.read_text()
    (tmp_path / "all.toml").write_text(
        "\n".join(line.removeprefix("# ") if _is_toml(line) else line for line in text.split("\n"))
    )
    everything = read_thresholds(tmp_path / "all.toml")
    assert everything.regression is not None
    assert everything.scores.keys() == {"constraint_satisfaction", "unsupported_claim_rate"}


def _is_toml(line: str) -> bool:
    return line.startswith("# [") or (" = " in line.removeprefix("# ").split(":")[0] and "with" not in line)
