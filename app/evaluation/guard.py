"""How often the input rail stops or flags an attack, and how often somebody who meant no harm."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.evaluation.rows import read_rows
from graphs.guardrails.input import ATTACKS, screen_input
from graphs.guardrails.policy import Policy

_FLAGS = frozenset(("suspicious", "odd_form"))


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    attack: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of the attacks and of the harmless rows that were caught; None where there was none of the kind."""

    true_positive_rate: float | None
    false_positive_rate: float | None

    @classmethod
    def of(cls, rows: Sequence[Labelled], caught: Sequence[bool]) -> Rates:
        def share(attack: bool) -> float | None:
            chosen = [hit for row, hit in zip(rows, caught, strict=True) if row.attack is attack]
            return round(sum(chosen) / len(chosen), 4) if chosen else None

        return cls(share(True), share(False))

    def as_json(self) -> dict[str, float | None]:
        return {"true_positive_rate": self.true_positive_rate, "false_positive_rate": self.false_positive_rate}


@dataclass(frozen=True, slots=True)
class GuardReport:
    """`flag` counts what is blocked too: it is what does not reach a language model as it is.

    `control` is the flag tier with the labels dealt anew: both its rates must be about the same.
    """

    rows: int
    block: Rates
    flag: Rates
    control: Rates
    refused_harmless: dict[str, int]  # harmless rows refused, by the first reason

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "block": self.block.as_json(),
            "flag": self.flag.as_json(),
            "control": {"shuffled_labels": self.control.as_json()},
            "refused_harmless": self.refused_harmless,
        }


def read_labelled(path: Path) -> list[Labelled]:
    """Rows `{"text", "label"}`, label 1 for an attack. Raises EvaluationError."""
    rows = read_rows(path, {"text": str, "label": int})
    return [Labelled(row["text"], row["label"] == 1) for row in rows]


def measure_guard(
    rows: Sequence[Labelled], policy: Policy, seen: Callable[[int], None] = lambda _: None
) -> GuardReport:
    """`seen` hears how many rows are done."""
    blocked, flagged = [], []
    harmless: Counter[str] = Counter()
    for done, row in enumerate(rows, 1):
        screen = screen_input(row.text, policy)
        blocked.append(not ATTACKS.isdisjoint(screen.reasons))
        flagged.append(blocked[-1] or not _FLAGS.isdisjoint(screen.reasons))
        if screen.action == "refuse" and not row.attack:
            harmless[screen.reasons[0]] += 1
        seen(done)
    dealt = [row.attack for row in rows]
    random.Random(0).shuffle(dealt)  # noqa: S311 - a control, not a secret
    shuffled = [Labelled(row.text, attack) for row, attack in zip(rows, dealt, strict=True)]
    return GuardReport(
        rows=len(rows),
        block=Rates.of(rows, blocked),
        flag=Rates.of(rows, flagged),
        control=Rates.of(shuffled, flagged),
        refused_harmless=dict(harmless),
    )
