"""Verification of an answer: what holds stays, what does not is taken out and said to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphs.answer import Check, Citation, Claim
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.checks import CHECKS
from graphs.verification.cited import Case, CitedSource
from graphs.verification.claims import is_claim
from graphs.verification.language import language
from graphs.verification.sentences import Sentence, split
from graphs.verification.shopper import ShopperSource
from graphs.verification.statement import Statement

MAY_STAND = ("supported", "not_a_claim")


@dataclass(frozen=True, slots=True)
class Verification:
    """`claims` are the sentences of `answer`; `rejected` keep their offsets in the text that was given.

    `failed` means that the answer should not be shown: nothing supported is left of what was claimed.
    """

    answer: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[Claim, ...]
    failed: bool


def verify(text: str, sources: Sources, lang: Lang) -> Verification:
    """Pure and stable: verifying the answer again rejects nothing and returns it unchanged."""
    rejected: list[Claim] = []
    while True:
        sentences = split(text, lang)
        examined = [_placed(examine(each.text, sources, lang), each.start) for each in sentences]
        rejected += [claim for claim in examined if claim.verdict not in MAY_STAND]
        kept = [claim.verdict in MAY_STAND for claim in examined]
        answer = _assemble(text, sentences, kept)
        # With a sentence gone its neighbours may read as one, which must then hold as one.
        if answer == text:
            break
        text = answer
    supported = any(claim.verdict == "supported" for claim in examined)
    failed = not answer or (bool(rejected) and not supported)
    return Verification(answer, tuple(examined), _citations(examined, sources, lang), tuple(rejected), failed)


def examine(sentence: str, sources: Sources, lang: Lang) -> Claim:
    """The same checks for one sentence, as a stream needs them; offsets count the sentence's own code points."""
    spoken = language(lang)
    statement = Statement(sentence, spoken)
    claim = Claim(text=sentence, start=0, end=len(sentence), citations=statement.markers, verdict="not_a_claim")
    if not is_claim(sentence, spoken):
        return claim
    case, made = Case(statement, sources), list[Check]()
    for name, check in CHECKS.items():
        finding = check(case)
        made.append(Check(name=name, passed=finding.passed, detail=finding.detail))
        if not finding.passed:
            return claim.model_copy(update={"verdict": finding.verdict, "checks": tuple(made)})
    return claim.model_copy(update={"verdict": "supported", "checks": tuple(made)})


def _placed(claim: Claim, start: int) -> Claim:
    return claim.model_copy(update={"start": start, "end": start + len(claim.text)})


def _assemble(text: str, sentences: Sequence[Sentence], kept: Sequence[bool]) -> str:
    """Kept sentences in order; the widest gap between two of them stays: a space, a line break, or an empty line."""
    answer, separator = "", ""
    for number, sentence in enumerate(sentences):
        before = sentences[number - 1].end if number else 0
        separator = max(separator, _separator(text[before : sentence.start]), key=lambda each: each.count("\n"))
        if kept[number]:
            answer += f"{separator or ' '}{sentence.text}" if answer else sentence.text
            separator = ""
    return answer


def _separator(gap: str) -> str:
    return "\n" * min(gap.count("\n"), 2)


def _citations(claims: Sequence[Claim], sources: Sources, lang: Lang) -> tuple[Citation, ...]:
    """One for each marker and passage, in the order they are cited."""
    spoken = language(lang)
    found: dict[Citation, None] = {}
    for claim in claims:
        if claim.verdict != "supported":
            continue
        case = Case(Statement(claim.text, spoken), sources)
        for source in case.cited:
            if citation := _citation(source, case):
                found[citation] = None
    return tuple(found)


def _citation(source: CitedSource, case: Case) -> Citation | None:
    passage = source.passage(case.statement.needs)
    if passage is None:
        return None
    span = {"quote": passage.text, "start": passage.start, "end": passage.end}
    if isinstance(source, ShopperSource):
        name = source.feature.name
        return Citation(marker=source.marker, id=name, source=f"feature:{name}", title=name, **span)
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
