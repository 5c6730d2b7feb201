"""Verification of an answer: what holds stays, what does not is taken out and said to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from graphs.answer import Check, Citation, Claim
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.action import ActionSource
from graphs.verification.checks import figures_match
from graphs.verification.cited import Case, CitedSource
from graphs.verification.examine import Examined, examined
from graphs.verification.outcome import RejectedClaim
from graphs.verification.repair import mend
from graphs.verification.sentences import Sentence, split
from graphs.verification.shopper import ShopperSource

MAY_STAND = ("supported", "not_a_claim")


@dataclass(frozen=True, slots=True)
class Settled:
    """What may be shown of one sentence: itself, what it was mended to, or nothing."""

    shown: Claim | None
    case: Case | None = None  # of the sentence as it was written, unless it was mended
    rejected: RejectedClaim | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """`claims` are the sentences of `answer`; claims of `rejected` keep their offsets in the text that was given.

    `failed` means that the answer should not be shown: nothing supported is left of what was claimed.
    """

    answer: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[RejectedClaim, ...]
    failed: bool


def verify(text: str, sources: Sources, lang: Lang, judged: Collection[str] = ()) -> Verification:
    """Pure and stable: verifying the answer again rejects nothing and returns it unchanged."""
    rejected: list[RejectedClaim] = []
    while True:
        sentences = split(text)
        settled = [_placed(settle(each.text, sources, lang, judged), each.start) for each in sentences]
        rejected += [each.rejected for each in settled if each.rejected]
        answer = _assemble(text, sentences, [each.shown.text if each.shown else "" for each in settled])
        # With a sentence gone or mended its neighbours may read as one, which must then hold as one.
        if answer == text:
            break
        text = answer
    claims = tuple(each.shown for each in settled if each.shown)
    supported = any(claim.verdict == "supported" for claim in claims)
    dropped = any(each.action == "dropped" for each in rejected)
    failed = not answer or (dropped and not supported)
    return Verification(answer, claims, _citations(settled), tuple(rejected), failed)


def settle(sentence: str, sources: Sources, lang: Lang, judged: Collection[str] = ()) -> Settled:
    """The same for one sentence, as a stream needs it; offsets count the sentence's own code points.

    `judged` are uncertain sentences that a judge accepted; the records must agree with them all the same.
    """
    found = examined(sentence, sources, lang)
    if found.claim.verdict in MAY_STAND:
        return Settled(found.claim, found.case)
    if sentence in judged and may_be_judged(found):
        checks = (*found.claim.checks, Check(name="judge", passed=True))
        return Settled(found.claim.model_copy(update={"verdict": "supported", "checks": checks}), found.case)
    if mended := mend(found, sources, lang):
        return Settled(mended.claim, rejected=RejectedClaim(found.claim, mended.repair, mended.claim.text))
    return Settled(None, found.case, RejectedClaim(found.claim, "dropped"))


def may_be_judged(found: Examined) -> bool:
    """Only what the texts leave uncertain, and no record speaks against."""
    return found.claim.verdict == "uncertain" and figures_match(found.case).passed


def _placed(settled: Settled, start: int) -> Settled:
    shown, rejected = settled.shown, settled.rejected
    return Settled(
        _moved(shown, start) if shown else None,
        settled.case,
        replace(rejected, claim=_moved(rejected.claim, start)) if rejected else None,
    )


def _moved(claim: Claim, start: int) -> Claim:
    return claim.model_copy(update={"start": start, "end": start + len(claim.text)})


def _assemble(text: str, sentences: Sequence[Sentence], shown: Sequence[str]) -> str:
    """What is shown, in order; the widest gap between two sentences stays: a space, a line break, or an empty line."""
    answer, separator = "", ""
    for number, sentence in enumerate(sentences):
        before = sentences[number - 1].end if number else 0
        separator = max(separator, _separator(text[before : sentence.start]), key=lambda each: each.count("\n"))
        if shown[number]:
            answer += f"{separator or ' '}{shown[number]}" if answer else shown[number]
            separator = ""
    return answer


def _separator(gap: str) -> str:
    return "\n" * min(gap.count("\n"), 2)


def _citations(settled: Sequence[Settled]) -> tuple[Citation, ...]:
    """One for each marker and passage, in the order they are cited."""
    found: dict[Citation, None] = {}
    for each in settled:
        if each.shown is None or each.case is None or each.shown.verdict != "supported":
            continue
        for source in each.case.cited:
            if citation := _citation(source, each.case):
                found[citation] = None
    return tuple(found)


def _citation(source: CitedSource, case: Case) -> Citation | None:
    passage = source.passage(case.statement.needs)
    if passage is None:
        return None
    span = {"quote": passage.text, "start": passage.start, "end": passage.end}
    if isinstance(source, ShopperSource):
        name = source.feature.name
        return Citation(
            marker=source.marker, id=name, source=f"feature:{name}", title=name, age_s=source.feature.age_s, **span
        )
    if isinstance(source, ActionSource):
        tool = source.action.tool
        return Citation(marker=source.marker, id=source.marker, source=f"action:{tool}", title=tool, **span)
    evidence = case.sources.evidence[source.marker]
    return Citation(
        marker=source.marker,
        id=evidence.id,
        source=evidence.source,
        title=evidence.title,
        url=_url(evidence.metadata),
        **span,
    )


def _url(metadata: Mapping[str, object]) -> str | None:
    url = metadata.get("url")
    return url if isinstance(url, str) else None
