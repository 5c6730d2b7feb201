"""What a source says about one figure, what a check found, and what became of a sentence that failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphs.answer import Claim, Verdict
from graphs.verification.quantities import Figure

Kind = Literal["match", "contradicted", "absent"]
Repair = Literal["reattributed", "corrected", "attributed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`right` is the number the record has instead, in the unit of the figure, where it has one."""

    kind: Kind
    detail: str = ""
    right: float | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure of a sentence, and the record's number for it in the same unit."""

    figure: Figure
    value: float


@dataclass(frozen=True, slots=True)
class Finding:
    """`verdict` is what the sentence deserves; "supported" means the check passed."""

    verdict: Verdict = "supported"
    detail: str = ""
    instead: Correction | None = None

    @property
    def passed(self) -> bool:
        return self.verdict == "supported"


@dataclass(frozen=True, slots=True)
class RejectedClaim:
    """A sentence that was not shown as it was written. `became` is what was shown in its place, if anything.

    `withheld` means that its facts held and the output rail kept it back.
    """

    claim: Claim
    action: Literal["dropped", "withheld"] | Repair
    became: str = ""


PASSED = Finding()
MATCH = Outcome("match")
