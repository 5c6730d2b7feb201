"""An experiment in figures, each with how sure one can be of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.evaluation.experiments.estimator import Runs, pass_shares
from app.evaluation.experiments.intervals import LEVEL, Estimate, mean_of
from app.evaluation.experiments.outcomes import fair_runs_of, is_flaky, labels_of, runs_of, scores_of
from app.evaluation.experiments.record import Case, Experiment, Label, Trial


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds, of each trial's slowest turn, over the `trials` where it was measured."""

    p50_ms: float
    p95_ms: float
    trials: int

    def as_json(self) -> dict[str, Any]:
        return {"p50_ms": round(self.p50_ms, 1), "p95_ms": round(self.p95_ms, 1), "n": self.trials}


@dataclass(frozen=True, slots=True)
class Spent:
    """What trials used up, over the `trials` where it is known."""

    total: float
    trials: int

    def as_json(self) -> dict[str, Any]:
        return {"total": round(self.total, 6), "mean": round(self.total / self.trials, 6), "n": self.trials}


@dataclass(frozen=True, slots=True)
class Summary:
    """`fair` is pass^1 without trials that failed by the reference or the machine; None when none is left.

    `scores` is None for an evaluator that applied to no case.
    """

    cases: int
    trials: int
    pass_hat: Mapping[int, Estimate]
    fair: Estimate | None
    labels: Mapping[Label, int]
    flaky: Sequence[str]
    scores: Mapping[str, Estimate | None]
    groups: Mapping[str, Estimate]
    tags: Mapping[str, Estimate]
    latency: Latency | None
    tokens: Spent | None
    cost: Spent | None

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "trials": self.trials,
            "level": LEVEL,
            "pass": {f"pass^{k}": each.as_json() for k, each in self.pass_hat.items()},
            "without_gold_and_infrastructure": _json(self.fair),
            "labels": dict(self.labels),
            "flaky": list(self.flaky),
            "scores": {key: _json(each) for key, each in self.scores.items()},
            "groups": {name: each.as_json() for name, each in self.groups.items()},
            "tags": {name: each.as_json() for name, each in self.tags.items()},
            "latency": _json(self.latency),
            "tokens": _json(self.tokens),
            "cost_usd": _json(self.cost),
        }


def summarised(experiment: Experiment) -> Summary:
    cases = experiment.cases
    trials = [trial for case in cases for trial in case.trials]
    return Summary(
        cases=len(cases),
        trials=len(trials),
        pass_hat=pass_hats(cases),
        fair=passed(fair_runs_of(case) for case in cases),
        labels=labels_of(cases),
        flaky=[case.id for case in cases if is_flaky(case)],
        scores={key: mean_of(list(by_case.values()), key) for key, by_case in sorted(scores_of(cases).items())},
        groups=_by(cases, lambda case: (case.group,)),
        tags=_by(cases, lambda case: case.tags),
        latency=_latency(trials),
        tokens=_spent([trial.total_tokens for trial in trials]),
        cost=_spent([trial.cost_usd for trial in trials]),
    )


def pass_hats(cases: Sequence[Case]) -> dict[int, Estimate]:
    """pass^k for each k up to the most trials of a case; cases with fewer than k are not among its `cases`."""
    runs = [runs_of(case) for case in cases]
    most = max(each.played for each in runs)
    return {k: found for k in range(1, most + 1) if (found := passed(runs, k))}


def passed(runs: Iterable[Runs], k: int = 1) -> Estimate | None:
    return mean_of(pass_shares(runs, k))


def _by(cases: Sequence[Case], names: Callable[[Case], Sequence[str]]) -> dict[str, Estimate]:
    runs: dict[str, list[Runs]] = {}
    for case in cases:
        for name in names(case):
            runs.setdefault(name, []).append(runs_of(case))
    return {name: found for name in sorted(runs) if (found := passed(runs[name]))}


def _latency(trials: Sequence[Trial]) -> Latency | None:
    known = [trial.latency_ms for trial in trials if trial.latency_ms is not None]
    if not known:
        return None
    p50, p95 = np.percentile(known, (50, 95))
    return Latency(float(p50), float(p95), len(known))


def _spent(of_trials: Sequence[float | None]) -> Spent | None:
    known = [each for each in of_trials if each is not None]
    return Spent(sum(known), len(known)) if known else None


def _json(each: Estimate | Latency | Spent | None) -> dict[str, Any] | None:
    return each.as_json() if each else None
