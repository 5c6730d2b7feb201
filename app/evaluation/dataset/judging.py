"""A played case judged: what every evaluator said, whether that is a pass, and whose fault it is if not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.evaluation.dataset.case import DatasetCase
from app.evaluation.dataset.playing import Played
from app.evaluation.dataset.references import contradiction, inputs_of, reference_of
from app.evaluation.evaluators import JUDGED, Evaluator, Records, as_scores, is_good
from app.evaluation.evaluators.records import records_for
from app.evaluation.experiments.record import Fault, Label, Score, Trial
from app.evaluation.watched import BROKEN, blamed, trial_of, unanswered
from graphs.models.prices import Prices

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judging:
    """`judge` asks a model, which costs: controls are shown to it only where it decides."""

    records: Records
    evaluators: Sequence[Evaluator]
    prices: Prices
    judge: Evaluator | None = None

    def scores(self, case: DatasetCase, outputs: Json, by: DatasetCase, played: Played | None = None) -> list[Score]:
        """What `case` gave, judged by what is expected of the case `by`."""
        reference = reference_of(by, self.records, played.known if played else None)
        judge = (self.judge,) if self.judge and (played or JUDGED in by.expect.thresholds) else ()
        return list(as_scores(each(inputs_of(case), outputs, reference) for each in (*self.evaluators, *judge)))

    def trial(self, case: DatasetCase, played: Played) -> Trial:
        if played.broken:
            return self._trial(played, [Fault(label="infrastructure", check="answered", detail=_line(played.broken))])
        scores = self.scores(case, played.outputs, case, played)
        return self._trial(played, self._faults(case, played, scores), scores)

    def _faults(self, case: DatasetCase, played: Played, scores: Sequence[Score]) -> list[Fault]:
        wrong = contradiction(case.expect, records_for(self.records, inputs_of(case)))
        label: Label = "gold" if wrong else "infrastructure" if _out_of_order(case, played.outputs) else "agent"
        missed = [
            Fault(label=_whose(each, label), check=each.key, detail=_line(each.comment))
            for each in failing(case, scores)
        ]
        reference = [Fault(label="gold", check="reference", detail=wrong)] if wrong else []
        return [*reference, *_silence(case, played), *missed]

    def _trial(self, played: Played, faults: Sequence[Fault], scores: Sequence[Score] = ()) -> Trial:
        return trial_of(played.records, self.prices, faults, scores)

    def passes(self, case: DatasetCase, outputs: Json, by: DatasetCase) -> bool:
        return not failing(by, self.scores(case, outputs, by))


def failing(case: DatasetCase, scores: Sequence[Score]) -> list[Score]:
    """Where an evaluator applies and its score is not good enough; one with a threshold has to apply."""
    limits = case.expect.thresholds
    silent = [each for each in scores if each.score is None and each.key in limits]
    judged = [(each, each.score) for each in scores if each.score is not None]
    return [*silent, *(each for each, score in judged if not is_good(each.key, score, limits.get(each.key)))]


def _whose(score: Score, label: Label) -> Label:
    """A judge that was away is not held against what it should have judged."""
    return "infrastructure" if score.key == JUDGED and score.score is None and label == "agent" else label


def _silence(case: DatasetCase, played: Played) -> list[Fault]:
    """What the composer answers in place of the model that is measured is no pass of that model."""
    silent = None if case.breaks_the_model else unanswered(played.records)
    return [Fault(label=blamed(silent), check="model", detail=silent.detail)] if silent else []


def _out_of_order(case: DatasetCase, outputs: Json) -> bool:
    """Something broke that the case did not break."""
    broken = {each["part"] for each in outputs["degraded"] if each["kind"] in BROKEN}
    return bool(broken - set(case.expect.degraded or ()))


def _line(text: str) -> str:
    return " ".join(text.split())
