"""What became of the trials of a case, and whose fault it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import get_args

from app.evaluation.experiments.estimator import Runs
from app.evaluation.experiments.record import Case, Label, Trial

LABELS: tuple[Label, ...] = get_args(Label)
_NOT_OURS = frozenset[Label]({"gold", "infrastructure"})


def label_of(trial: Trial) -> Label | None:
    """The one label of a failed trial: the first of `LABELS` among its faults, so the assistant is never let off.

    A failure that nobody explained is the assistant's, too.
    """
    if trial.passed:
        return None
    found = {fault.label for fault in trial.faults}
    return next((label for label in LABELS if label in found), "agent")


def labels_of(cases: Iterable[Case]) -> dict[Label, int]:
    """Failed trials by their label, those that never occurred with 0."""
    found = Counter(label for case in cases for trial in case.trials if (label := label_of(trial)))
    return {label: found[label] for label in LABELS}


def failed_runs(cases: Iterable[Case]) -> list[str]:
    """The turns of failed trials, by the ids of their traces."""
    return [run_id for case in cases for trial in case.trials if not trial.passed for run_id in trial.run_ids]


def runs_of(case: Case) -> Runs:
    return Runs(len(case.trials), sum(trial.passed for trial in case.trials))


def fair_runs_of(case: Case) -> Runs:
    """Without trials that failed by a wrong reference or a broken machine alone. Never a replacement of all runs."""
    counted = [trial for trial in case.trials if label_of(trial) not in _NOT_OURS]
    return Runs(len(counted), sum(trial.passed for trial in counted))


def is_flaky(case: Case) -> bool:
    return 0 < runs_of(case).passed < len(case.trials)


def scores_of(cases: Iterable[Case]) -> dict[str, dict[str, float]]:
    """By evaluator and case id: the mean over the trials where it applied; a case where it never did is left out."""
    found: dict[str, dict[str, float]] = {}
    for case in cases:
        said: dict[str, list[float]] = {}
        for trial in case.trials:
            for score in trial.scores:
                said.setdefault(score.key, []).extend([] if score.score is None else [score.score])
        for key, values in said.items():
            by_case = found.setdefault(key, {})
            if values:
                by_case[case.id] = sum(values) / len(values)
    return found
