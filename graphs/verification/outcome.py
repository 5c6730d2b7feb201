"""What a source says about one figure, and what a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphs.answer import Verdict

Kind = Literal["match", "contradicted", "absent"]


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: Kind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """`verdict` is what the sentence deserves; "supported" means the check passed."""

    verdict: Verdict = "supported"
    detail: str = ""

    @property
    def passed(self) -> bool:
        return self.verdict == "supported"


PASSED = Finding()
MATCH = Outcome("match")
