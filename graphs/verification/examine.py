"""One sentence through the named checks, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from graphs.answer import Check, Claim
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.checks import CHECKS
from graphs.verification.cited import Case
from graphs.verification.claims import is_claim
from graphs.verification.language import language
from graphs.verification.outcome import PASSED, Finding
from graphs.verification.statement import Statement


@dataclass(frozen=True, slots=True)
class Examined:
    """`finding` is the last check's; offsets of the claim count the sentence's own code points."""

    claim: Claim
    case: Case
    finding: Finding


def examine(sentence: str, sources: Sources, lang: Lang) -> Claim:
    """The verdict of the first check that fails; "not_a_claim" for what states nothing."""
    return examined(sentence, sources, lang).claim


def examined(sentence: str, sources: Sources, lang: Lang) -> Examined:
    """The same with what the checks found on the way."""
    spoken = language(lang)
    case = Case(Statement(sentence, spoken), sources)
    citations = case.statement.markers
    claim = Claim(text=sentence, start=0, end=len(sentence), citations=citations, verdict="not_a_claim")
    if not is_claim(sentence, spoken):
        return Examined(claim, case, PASSED)
    made = list[Check]()
    for name, check in CHECKS.items():
        finding = check(case)
        made.append(Check(name=name, passed=finding.passed, detail=finding.detail))
        if not finding.passed:
            break
    return Examined(claim.model_copy(update={"verdict": finding.verdict, "checks": tuple(made)}), case, finding)
