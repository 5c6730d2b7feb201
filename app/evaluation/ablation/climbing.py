"""The same cases on every rung, and what each step of the ladder is worth."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.evaluation.ablation.rungs import RUNGS, STEPS, Name, Rung
from app.evaluation.dataset.case import DatasetCase
from app.evaluation.experiments.comparison import Comparison, compared
from app.evaluation.experiments.record import Experiment
from app.evaluation.experiments.summary import Summary, summarised

Play = Callable[[Rung], Awaitable[Experiment]]


@dataclass(frozen=True, slots=True)
class Climb:
    """`left_out` are the ids of cases that no ladder can be climbed on."""

    experiments: Mapping[Name, Experiment]
    left_out: Sequence[str]

    @property
    def steps(self) -> dict[tuple[Name, Name], Comparison]:
        return {step: compared(*(self.experiments[name] for name in step)) for step in STEPS}

    @property
    def sound(self) -> bool:
        """The control: whoever knows nothing passes fewer cases than whoever is handed what was asked for."""
        control = self.steps["no_evidence", "golden_evidence"].passing
        return control.told and control.new > control.base

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": len(self.experiments["rerank"].cases),
            "left_out": list(self.left_out),
            "rungs": {name: summarised(each).as_json() for name, each in self.experiments.items()},
            "steps": [{"from": one, "to": other, **step.as_json()} for (one, other), step in self.steps.items()],
            "control": {"no_evidence_is_worst_of_all": self.sound},
        }

    def summary(self, name: Name) -> Summary:
        return summarised(self.experiments[name])


def fit(cases: Sequence[DatasetCase]) -> list[DatasetCase]:
    """What earlier turns showed, and what a case breaks on purpose, would be another on every rung."""
    return [case for case in cases if len(case.turns) == 1 and not case.given.down]


async def climb(cases: Sequence[DatasetCase], play: Play) -> Climb:
    """`play` has every fitting case judged on a rung."""
    fitting = {case.id for case in fit(cases)}
    experiments = {rung.name: await play(rung) for rung in RUNGS}
    return Climb(experiments, [case.id for case in cases if case.id not in fitting])
