"""Citation precision and recall of what a model wrote, as in ALCE (Gao et al. 2023)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphs.answer import CitationQuality, Claim
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.examine import examine
from graphs.verification.markers import without_markers
from graphs.verification.outcome import RejectedClaim


def citation_quality(
    shown: Sequence[Claim], rejected: Iterable[RejectedClaim], sources: Sources, lang: Lang
) -> CitationQuality:
    """Recall: share of the sentences that hold by what they cite. Precision: share of the citations that are needed.

    A mended sentence counts as it was written, not as it was shown. A citation counts when its sentence holds and
    either it supports the sentence alone or the others do not without it.
    """
    lost = [*rejected]
    mended = {each.became for each in lost if each.became}
    written = [claim for claim in shown if claim.verdict == "supported" and claim.text not in mended]
    written += [each.claim for each in lost]
    holds = [claim.verdict == "supported" for claim in written]
    needed = [_needed(claim, marker, sources, lang) for claim in written for marker in claim.citations]
    return CitationQuality(precision=_share(needed), recall=_share(holds))


def _needed(claim: Claim, marker: str, sources: Sources, lang: Lang) -> bool:
    if claim.verdict != "supported":
        return False
    others = tuple(other for other in claim.citations if other != marker)
    return not others or _holds(claim, (marker,), sources, lang) or not _holds(claim, others, sources, lang)


def _holds(claim: Claim, markers: Sequence[str], sources: Sources, lang: Lang) -> bool:
    cited = "".join(f"[{marker}]" for marker in markers)
    return examine(f"{without_markers(claim.text)} {cited}", sources, lang).verdict == "supported"


def _share(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None
