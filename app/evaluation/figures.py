"""How well values that differ from a record are found."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.evaluation.rows import EvaluationError, read_rows
from graphs.verification.alone import against_record


@dataclass(frozen=True, slots=True)
class RecordClaim:
    claim: str
    record: Mapping[str, Any]
    consistent: bool


@dataclass(frozen=True, slots=True)
class Detection:
    """Of contradictions: found ones that are real, real ones that are found; and consistent rows called one."""

    precision: float | None
    recall: float | None
    false_alarm_rate: float | None

    @classmethod
    def of(cls, contradicted: Sequence[bool], called: Sequence[bool]) -> Detection:
        hits = sum(real and found for real, found in zip(contradicted, called, strict=True))
        alarms, real = sum(called) - hits, sum(contradicted)
        return cls(_share(hits, sum(called)), _share(hits, real), _share(alarms, len(called) - real))

    def as_json(self) -> dict[str, float | None]:
        return {"precision": self.precision, "recall": self.recall, "false_alarm_rate": self.false_alarm_rate}


@dataclass(frozen=True, slots=True)
class FiguresReport:
    """`control`: each claim against another row's record. Nearly all must be called contradicted, right or wrong.

    It can fail only where there is another record and there are claims of both labels.
    """

    rows: int
    found: Detection
    verdicts: dict[str, int]
    control: Detection
    control_can_fail: bool

    def as_json(self) -> dict[str, Any]:
        control = {"dealt_records": {**self.control.as_json(), "can_fail": self.control_can_fail}}
        return {"rows": self.rows, **self.found.as_json(), "verdicts": self.verdicts, "control": control}


def read_record_claims(path: Path) -> list[RecordClaim]:
    """Rows `{"claim", "record", "label"}`, label 1 for consistent. Raises EvaluationError."""
    rows = read_rows(path, {"claim": str, "record": dict, "label": int})
    for number, row in enumerate(rows, 1):
        if not row["record"]:
            raise EvaluationError(f"{path}, row {number}: 'record' is empty")
    return [RecordClaim(row["claim"], row["record"], row["label"] == 1) for row in rows]


def measure_figures(rows: Sequence[RecordClaim], seen: Callable[[int], None] = lambda _: None) -> FiguresReport:
    """`seen` hears how many rows are done."""
    verdicts: list[str] = []
    for done, row in enumerate(rows, 1):
        verdicts.append(against_record(row.claim, row.record).verdict)
        seen(done)
    real = [not row.consistent for row in rows]
    dealt = [row.record for row in rows]
    random.Random(0).shuffle(dealt)  # noqa: S311 - a control, not a secret
    control = [against_record(row.claim, record).verdict for row, record in zip(rows, dealt, strict=True)]
    return FiguresReport(
        rows=len(rows),
        found=Detection.of(real, [verdict == "contradicted" for verdict in verdicts]),
        verdicts=dict(Counter(verdicts)),
        control=Detection.of(real, [verdict == "contradicted" for verdict in control]),
        control_can_fail=len(set(real)) > 1 and any(row.record != rows[0].record for row in rows),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
