"""A dataset played and judged: an experiment, and two controls that have to fail."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

from app.evaluation.dataset.case import DatasetCase
from app.evaluation.dataset.judging import Judging
from app.evaluation.dataset.playing import Played, idle_outputs, play
from app.evaluation.evaluators import SOURCES, Records
from app.evaluation.experiments.estimator import pass_hat
from app.evaluation.experiments.outcomes import label_of, runs_of, scores_of
from app.evaluation.experiments.record import Case, Experiment, Trial
from app.evaluation.journeys.worlds import Worlds
from app.evaluation.rows import EvaluationError

Progress = Callable[[int, int, DatasetCase, bool], None]  # done, of how many, which, and whether it passed


@dataclass(frozen=True, slots=True)
class Report:
    """`idle` are the ids of cases an assistant that does nothing would pass; `shuffled` of those that pass when each is
    judged by what is expected of another. `interrupted`: cases that were not played to the end are not among them."""

    experiment: Experiment
    repeat: int
    idle: Sequence[str]
    shuffled: Sequence[str]
    played: Mapping[str, Sequence[Played]]  # by case id, as the trials stand
    records: Records
    interrupted: bool = False

    @property
    def passed(self) -> bool:
        return all(trial.passed for case in self.experiment.cases for trial in case.trials)

    def as_json(self) -> dict[str, Any]:
        cases = self.experiment.cases
        return {
            "experiment": self.experiment.name,
            "cases": len(cases),
            "repeat": self.repeat,
            "pass^1": pass_hat(map(runs_of, cases), 1),
            "pass^k": pass_hat(map(runs_of, cases), self.repeat),
            "scores": _scores(cases),
            "by_capability": _by(cases, lambda case: (case.group,)),
            "by_tag": _by(cases, lambda case: [tag for tag in case.tags if tag not in SOURCES]),
            "by_source": _by(cases, lambda case: [tag for tag in case.tags if tag in SOURCES]),
            "interrupted": self.interrupted,
            "failures": [failure for case in cases for failure in _failures(case)],
            "control_pass^1": round(len(self.idle) / len(cases), 4),
            "control_passes": list(self.idle),
            "shuffled_pass^1": round(len(self.shuffled) / len(cases), 4),
            "shuffled_passes": list(self.shuffled),
        }


async def measure(
    cases: Sequence[DatasetCase],
    worlds: Worlds,
    judging: Judging,
    name: str,
    created: datetime,
    settings: Mapping[str, str],
    repeat: int = 1,
    progress: Progress = lambda *_: None,
) -> Report:
    """Each case `repeat` times, one after the other; an interrupt ends it with what there is, if there is anything.

    Raises EvaluationError when something given does not exist.
    """
    if not cases:
        raise EvaluationError("there are no cases")
    played: dict[str, list[Played]] = {}
    kept: list[Case] = []
    try:
        for done, case in enumerate(cases, 1):
            runs = [await play(case, worlds) for _ in range(repeat)]
            kept.append(_judged(case, runs, judging))
            played[case.id] = runs
            progress(done, len(cases), case, all(trial.passed for trial in kept[-1].trials))
    except asyncio.CancelledError:
        if not kept:
            raise
    interrupted, cases = len(kept) < len(cases), cases[: len(kept)]
    experiment = Experiment(name=name, kind="dataset", created=created, settings=settings, cases=tuple(kept))
    idle = [case.id for case in cases if judging.passes(case, idle_outputs(case), case)]
    shuffled = _shuffled(cases, played, judging)
    return Report(experiment, repeat, idle, shuffled, played, judging.records, interrupted)


def _judged(case: DatasetCase, runs: Sequence[Played], judging: Judging) -> Case:
    trials = tuple(judging.trial(case, each) for each in runs)
    tags = tuple(sorted({case.lang, *case.tags, *case.expect.sources}))
    return Case(id=case.id, group=case.capability, tags=tags, trials=trials)


def _shuffled(cases: Sequence[DatasetCase], played: Mapping[str, Sequence[Played]], judging: Judging) -> list[str]:
    """Each judged by the case half the dataset away: of another kind, where cases of a kind stand together."""
    away = len(cases) // 2
    pairs = zip(cases, [*cases[away:], *cases[:away]], strict=True)
    answered = ((case, other) for case, other in pairs if case is not other and not played[case.id][0].broken)
    return [case.id for case, other in answered if judging.passes(case, played[case.id][0].outputs, other)]


def _scores(cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Means over the cases where an evaluator applies, and what it says most often where it does not."""
    told = {}
    silent = _silent(cases)
    for key, by_case in sorted(scores_of(cases).items()):
        mean = round(fmean(by_case.values()), 4) if by_case else None
        told[key] = {"mean": mean, "applicable": len(by_case), "else": silent[key].most_common(1)[0][0]}
    return told


def _silent(cases: Sequence[Case]) -> defaultdict[str, Counter[str | None]]:
    """How often each evaluator gave which reason for not applying; None of one that always did."""
    found: defaultdict[str, Counter[str | None]] = defaultdict(lambda: Counter({None: 0}))
    for score in (score for case in cases for trial in case.trials for score in trial.scores):
        if score.score is None:
            found[score.key][score.comment] += 1
    return found


def _by(cases: Sequence[Case], names: Callable[[Case], Sequence[str]]) -> dict[str, dict[str, Any]]:
    found: dict[str, list[Case]] = {}
    for case in cases:
        for name in names(case):
            found.setdefault(name, []).append(case)
    return {
        name: {"cases": len(some), "pass^1": pass_hat(map(runs_of, some), 1)} for name, some in sorted(found.items())
    }


def _failures(case: Case) -> list[dict[str, Any]]:
    return [_failure(case, run, trial) for run, trial in enumerate(case.trials, 1) if not trial.passed]


def _failure(case: Case, run: int, trial: Trial) -> dict[str, Any]:
    faults = [{"check": fault.check, "detail": fault.detail} for fault in trial.faults]
    return {"case": case.id, "capability": case.group, "run": run, "label": label_of(trial), "faults": faults}
