"""Turns as an observer saw them, whatever was played, and the trial that they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.evaluation.experiments.record import Fault, Label, Score, Trial
from graphs.models.prices import Prices
from graphs.models.spending import cost_of, tokens_of
from graphs.observing import TurnRecord
from retrievers.records import Degradation, DegradationKind

# An empty or stale value is what there is; these are breakdowns.
BROKEN = frozenset[DegradationKind](("slow", "error", "down", "mismatch"))


class Watch:
    """A `graphs.observing.Observer` that keeps the turns it saw, in the order they ended."""

    def __init__(self) -> None:
        self._seen: dict[str, TurnRecord] = {}

    @property
    def records(self) -> tuple[TurnRecord, ...]:
        return tuple(self._seen.values())

    def see(self, record: TurnRecord) -> None:
        self._seen[record.run_id] = record

    def forget(self, thread_id: str) -> None:
        """Nothing is kept of conversations."""


def trial_of(
    records: Sequence[TurnRecord], prices: Prices, faults: Sequence[Fault] = (), scores: Sequence[Score] = ()
) -> Trial:
    """One that passed when nothing is found fault with."""
    asked = [run for record in records for node in record.nodes for run in node.models]
    cost = cost_of(asked, prices)
    return Trial(
        passed=not faults,
        scores=tuple(scores),
        faults=tuple(faults),
        run_ids=tuple(record.run_id for record in records),
        latency_ms=round(max(map(took_ms, records)), 3) if records else None,
        total_tokens=tokens_of(asked) if records else None,
        cost_usd=None if cost is None or not records else cost.total,
    )


def unanswered(records: Iterable[TurnRecord]) -> Degradation | None:
    """Why the model that is measured did not answer a turn: the composer did, which says nothing about the model."""
    answers = (record.final for record in records if record.final)
    return next((each for answer in answers for each in answer.degraded if each.part == "model"), None)


def blamed(degradation: Degradation) -> Label:
    """An empty answer is the model's own; whatever else kept it from answering is nobody's."""
    return "infrastructure" if degradation.kind in BROKEN else "agent"


def took_ms(record: TurnRecord) -> float:
    return (record.ended_ns - record.started_ns) / 1e6
