"""A played case judged: what every evaluator said, whether that is a pass, and whose fault it is if not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.evaluation.dataset.case import DatasetCase
from app.evaluation.dataset.playing import Played
from app.evaluation.dataset.references import contradiction, inputs_of, reference_of
from app.evaluation.evaluators import Evaluator, Records, as_scores, is_good
from app.evaluation.evaluators.records import records_for
from app.evaluation.experiments.record import Fault, Label, Score, Trial

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judging:
    records: Records
    evaluators: Sequence[Evaluator]

    def scores(self, case: DatasetCase, outputs: Json, by: DatasetCase, played: Played | None = None) -> list[Score]:
        """What `case` gave, judged by what is expected of the case `by`."""
        reference = reference_of(by, self.records, played.known if played else None)
        return list(as_scores(each(inputs_of(case), outputs, reference) for each in self.evaluators))

    def trial(self, case: DatasetCase, played: Played) -> Trial:
        wrong = contradiction(case.expect, records_for(self.records, inputs_of(case)))
        if played.broken:
            faults = [Fault(label="infrastructure", check="answered", detail=_line(played.broken))]
            return Trial(passed=False, faults=tuple(faults), run_ids=_run_ids(played))
        scores = self.scores(case, played.outputs, case, played)
        label: Label = "gold" if wrong else "infrastructure" if _out_of_order(case, played.outputs) else "agent"
        missed = [Fault(label=label, check=each.key, detail=_line(each.comment)) for each in failing(case, scores)]
        faults = [Fault(label="gold", check="reference", detail=wrong), *missed] if wrong else missed
        return Trial(
            passed=not faults,
            scores=tuple(scores),
            faults=tuple(faults),
            run_ids=_run_ids(played),
            latency_ms=_slowest_ms(played),
            total_tokens=_tokens(played.outputs),
            cost_usd=next((each.score for each in scores if each.key == "cost_usd"), None),
        )

    def passes(self, case: DatasetCase, outputs: Json, by: DatasetCase) -> bool:
        return not failing(by, self.scores(case, outputs, by))


def failing(case: DatasetCase, scores: Sequence[Score]) -> list[Score]:
    """Where an evaluator applies and its score is not good enough; one with a threshold has to apply."""
    limits = case.expect.thresholds
    silent = [each for each in scores if each.score is None and each.key in limits]
    judged = [(each, each.score) for each in scores if each.score is not None]
    return [*silent, *(each for each, score in judged if not is_good(each.key, score, limits.get(each.key)))]


def _out_of_order(case: DatasetCase, outputs: Json) -> bool:
    """Something did not work that the case did not break."""
    return bool({each["part"] for each in outputs["degraded"]} - set(case.expect.degraded or ()))


def _run_ids(played: Played) -> tuple[str, ...]:
    return tuple(record.run_id for record in played.records)


def _slowest_ms(played: Played) -> float | None:
    took = [(record.ended_ns - record.started_ns) / 1e6 for record in played.records]
    return round(max(took), 3) if took else None


def _tokens(outputs: Json) -> int | None:
    usage = outputs.get("usage")
    return None if usage is None else sum(each["total_tokens"] for each in usage.values())


def _line(text: str) -> str:
    return " ".join(text.split())
