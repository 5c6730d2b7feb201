"""Small experiments, put together by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.evaluation.experiments.record import Case, Experiment, Fault, Label, Score, Trial


def trial(passed: bool, *labels: Label, **scores: float | None) -> Trial:
    faults = tuple(Fault(label=label, check="cart", detail="not as it should be") for label in labels)
    said = tuple(Score(key=key, score=score) for key, score in scores.items())
    return Trial(passed=passed, faults=faults, scores=said)


def case(case_id: str, *trials: Trial | bool, group: str = "cart", tags: tuple[str, ...] = ()) -> Case:
    played = tuple(each if isinstance(each, Trial) else trial(each) for each in trials)
    return Case(id=case_id, group=group, tags=tags, trials=played)


def experiment(*cases: Case, name: str = "measured", **settings: str) -> Experiment:
    created = datetime(2026, 11, 21, tzinfo=UTC)
    return Experiment(name=name, kind="journeys", created=created, settings=settings, cases=cases)


def of_passes(passes: Sequence[int], played: int = 1, name: str = "measured") -> Experiment:
    """Case by case, how many of its trials passed."""
    cases = [case(f"c{place}", *(number < good for number in range(played))) for place, good in enumerate(passes)]
    return experiment(*cases, name=name)
