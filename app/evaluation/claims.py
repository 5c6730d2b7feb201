"""How well support by free text is told from its absence, and where the thresholds should be."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import mean
from typing import Any

from app.evaluation.rows import EvaluationError, read_rows
from graphs.verification.alone import against_texts
from graphs.verification.support import Support

_STEPS = [number / 100 for number in range(20, 81)]
_REACH = 2  # steps on either side that must do well too: a lone peak is luck
_DOUBTED = 0.2  # share of supported rows that may fall below "uncertain"


@dataclass(frozen=True, slots=True)
class TextClaim:
    claim: str
    evidence: tuple[str, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class ClaimsReport:
    """`control`: each claim beside another row's evidence; its AUC must be about 0.5.

    It can fail only where there is another row's evidence and claims of both labels.
    """

    rows: int
    macro_f1: float
    auc: float | None
    verdicts: dict[str, int]
    control_macro_f1: float
    control_auc: float | None
    control_can_fail: bool

    def as_json(self) -> dict[str, Any]:
        dealt = {"macro_f1": self.control_macro_f1, "auc": self.control_auc, "can_fail": self.control_can_fail}
        found = {"rows": self.rows, "macro_f1": self.macro_f1, "auc": self.auc, "verdicts": self.verdicts}
        return {**found, "control": {"dealt_evidence": dealt}}


@dataclass(frozen=True, slots=True)
class Thresholds:
    supported: float
    uncertain: float


def read_text_claims(path: Path) -> list[TextClaim]:
    """Rows `{"claim", "evidence": [text], "label"}`, label 1 for supported. Raises EvaluationError."""
    rows = read_rows(path, {"claim": str, "evidence": list, "label": int})
    for number, row in enumerate(rows, 1):
        if not all(isinstance(text, str) for text in row["evidence"]):
            raise EvaluationError(f"{path}, row {number}: 'evidence' is not a list of texts")
    return [TextClaim(row["claim"], tuple(row["evidence"]), row["label"] == 1) for row in rows]


def weigh(rows: Sequence[TextClaim], seen: Callable[[int], None] = lambda _: None) -> list[Support]:
    """`seen` hears how many rows are done."""
    found = []
    for done, row in enumerate(rows, 1):
        found.append(against_texts(row.claim, row.evidence))
        seen(done)
    return found


def measure_claims(rows: Sequence[TextClaim], found: Sequence[Support]) -> ClaimsReport:
    """`found` is what `weigh` gave for the same rows; an uncertain claim counts as not supported."""
    labels = [row.supported for row in rows]
    dealt = [row.evidence for row in rows]
    random.Random(0).shuffle(dealt)  # noqa: S311 - a control, not a secret
    control = [against_texts(row.claim, evidence) for row, evidence in zip(rows, dealt, strict=True)]
    return ClaimsReport(
        rows=len(rows),
        macro_f1=macro_f1(labels, [each.degree == "supported" for each in found]),
        auc=auc(labels, [each.score for each in found]),
        verdicts=dict(Counter(each.degree for each in found)),
        control_macro_f1=macro_f1(labels, [each.degree == "supported" for each in control]),
        control_auc=auc(labels, [each.score for each in control]),
        control_can_fail=len(set(labels)) > 1 and len({row.evidence for row in rows}) > 1,
    )


def calibrate(rows: Sequence[TextClaim], found: Sequence[Support]) -> Thresholds:
    """The middle of the best stretch of macro-F1, and the score four of five supported claims reach."""
    labels = [row.supported for row in rows]
    scores = [each.score for each in found]
    curve = [macro_f1(labels, [score >= step for score in scores]) for step in _STEPS]
    smooth = {step: mean(curve[max(0, at - _REACH) : at + _REACH + 1]) for at, step in enumerate(_STEPS)}
    supported = max(smooth, key=lambda step: smooth[step])
    reached = sorted(score for score, label in zip(scores, labels, strict=True) if label)
    doubted = reached[int(_DOUBTED * len(reached))] if reached else supported
    return Thresholds(supported, round(min(doubted, supported), 2))


def write_thresholds(thresholds: Thresholds, out: Path) -> None:
    """The shipped file with the two lines changed, so that its comments stay. Raises EvaluationError."""
    text = (files("graphs.verification") / "data" / "thresholds.toml").read_text("utf-8")
    for name in ("supported", "uncertain"):
        text = re.sub(rf"^{name} = .*$", f"{name} = {getattr(thresholds, name)}", text, flags=re.MULTILINE)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{out} cannot be written: {error.strerror or error}") from None


def macro_f1(labels: Sequence[bool], called: Sequence[bool]) -> float:
    """Mean of the F1 of both classes; a class nobody has or is called counts 0."""
    scores = []
    for side in (True, False):
        hits = sum(label is side and call is side for label, call in zip(labels, called, strict=True))
        named = sum(label is side for label in labels) + sum(call is side for call in called)
        scores.append(2 * hits / named if named else 0.0)
    return round(sum(scores) / 2, 4)


def auc(labels: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Chance that a supported row scores above another, ties half; None with one class only."""
    ranks = _ranks(scores)
    positive = sum(labels)
    negative = len(labels) - positive
    if not positive or not negative:
        return None
    total = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    return round((total - positive * (positive + 1) / 2) / (positive * negative), 4)


def _ranks(scores: Sequence[float]) -> list[float]:
    """From 1; equal scores share the mean of their ranks."""
    order = sorted(range(len(scores)), key=lambda at: scores[at])
    ranks = [0.0] * len(scores)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and scores[order[last + 1]] == scores[order[first]]:
            last += 1
        for at in range(first, last + 1):
            ranks[order[at]] = (first + last) / 2 + 1
        first = last + 1
    return ranks
