"""How much personal data the masks find in labelled texts, and how much of a catalogue they hide by mistake."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.evaluation.rows import EvaluationError, read_rows
from graphs.guardrails.personal import KINDS, Found, Kind, find_personal
from graphs.guardrails.policy import Policy

CHECKED: tuple[Kind, ...] = ("email", "card", "iban", "national_id")  # kinds with check digits or a strict form
_LABELS: dict[str, Kind] = {  # entity types as Presidio names them
    "EMAIL_ADDRESS": "email",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "US_SSN": "national_id",
    "PHONE_NUMBER": "phone",
}


@dataclass(frozen=True, slots=True)
class LabelledText:
    """`spans` are those of the kinds that are masked; offsets count code points."""

    text: str
    spans: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Of spans labelled, the share found; of finds, the share labelled. A find counts when it overlaps its span."""

    labelled: int
    recall: float | None
    precision: float | None

    def as_json(self) -> dict[str, float | int | None]:
        return {"labelled": self.labelled, "recall": self.recall, "precision": self.precision}


@dataclass(frozen=True, slots=True)
class PersonalReport:
    """`control` is the score of all kinds with each text's spans dealt to another text: near 0."""

    rows: int
    kinds: dict[Kind, Score]
    checked: Score
    control: Score

    def as_json(self) -> dict[str, Any]:
        kinds = {kind: score.as_json() for kind, score in self.kinds.items()}
        control = {"dealt_spans": self.control.as_json()}
        return {"rows": self.rows, "kinds": kinds, "checked": self.checked.as_json(), "control": control}


def read_labelled_texts(path: Path) -> list[LabelledText]:
    """Rows `{"full_text", "spans": [{"entity_type", "start_position", "end_position"}]}`. Raises EvaluationError."""
    rows = read_rows(path, {"full_text": str, "spans": list})
    try:
        return [LabelledText(row["full_text"], tuple(_spans(row["spans"]))) for row in rows]
    except (KeyError, TypeError) as error:
        raise EvaluationError(f"{path}: a span needs entity_type, start_position and end_position ({error})") from None


def measure_personal(rows: Sequence[LabelledText], policy: Policy) -> PersonalReport:
    found = [find_personal(row.text, policy) for row in rows]
    labelled = [row.spans for row in rows]
    dealt = random.Random(0).sample(labelled, len(labelled))  # noqa: S311 - a control, not a secret
    return PersonalReport(
        rows=len(rows),
        kinds={kind: _score(labelled, found, (kind,)) for kind in KINDS},
        checked=_score(labelled, found, CHECKED),
        control=_score(dealt, found, KINDS),
    )


def wrongly_masked(
    texts: Iterable[str], policy: Policy, seen: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """For texts without personal data, such as a catalogue's; `seen` hears each one that would lose something."""
    counts = Counter[bool]()
    for text in texts:
        masked = bool(find_personal(text, policy))
        counts[masked] += 1
        if masked:
            seen(text)
    return {"texts": counts.total(), "masked": counts[True], "rate": round(counts[True] / max(1, counts.total()), 6)}


def _spans(rows: Iterable[Any]) -> Iterable[Found]:
    for row in rows:
        if row["entity_type"] in _LABELS:
            yield Found(_LABELS[row["entity_type"]], int(row["start_position"]), int(row["end_position"]))


def _score(labelled: Sequence[Sequence[Found]], found: Sequence[Sequence[Found]], kinds: Sequence[Kind]) -> Score:
    hits = misses = right = wrong = 0
    for spans, finds in zip(labelled, found, strict=True):
        wanted = [span for span in spans if span.kind in kinds]
        given = [find for find in finds if find.kind in kinds]
        hit = sum(any(_same(span, find) for find in given) for span in wanted)
        good = sum(any(_same(span, find) for span in wanted) for find in given)
        hits, misses, right, wrong = hits + hit, misses + len(wanted) - hit, right + good, wrong + len(given) - good
    return Score(hits + misses, _share(hits, misses), _share(right, wrong))


def _same(one: Found, other: Found) -> bool:
    return one.kind == other.kind and one.start < other.end and other.start < one.end


def _share(hits: int, others: int) -> float | None:
    return round(hits / (hits + others), 4) if hits + others else None
