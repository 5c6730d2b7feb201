"""What can be saved of a failed sentence: a right fact under a wrong marker, a wrong value where the record has one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphs.answer import Claim
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.cited import Case, cited_source
from graphs.verification.examine import Examined, examined
from graphs.verification.markers import MARKER, without_markers
from graphs.verification.outcome import Correction, Repair
from graphs.verification.product import ProductSource
from graphs.verification.quantities import NUMBER


@dataclass(frozen=True, slots=True)
class Mended:
    """`claim` passed every check anew; `repair` says what was done to the sentence."""

    claim: Claim
    repair: Repair


def mend(failed: Examined, sources: Sources, lang: Lang) -> Mended | None:
    """None when nothing the sources say can be made of the sentence without changing what it is about."""
    if failed.finding.instead is not None:
        text = _corrected(failed.claim.text, failed.finding.instead)
        return _checked(text, "corrected", sources, lang) if text else None
    if failed.claim.checks and failed.claim.checks[-1].name == "attributed":
        text = _as_opinion(failed.case)
        return _checked(text, "attributed", sources, lang) if text else None
    if not failed.claim.citations:
        return None
    for marker in _other_markers(failed.case, sources):
        if found := _checked(_with_marker(failed.claim.text, marker), "reattributed", sources, lang):
            return found
    return None


def _as_opinion(case: Case) -> str | None:
    """The passage of the review, in the buyer's own words; None when it cannot stand between quotation marks."""
    review = case.reviews[0]
    passage = review.passage(case.statement.needs)
    if passage is None or any(mark in passage.text for mark in "“”"):
        return None
    quote = " ".join(passage.text.split())
    return case.statement.spoken.opinion.format(quote=quote, cite=f"[{review.marker}]")


def _checked(text: str, repair: Repair, sources: Sources, lang: Lang) -> Mended | None:
    again = examined(text, sources, lang)
    return Mended(again.claim, repair) if again.claim.verdict == "supported" else None


def _other_markers(case: Case, sources: Sources) -> Iterator[str]:
    """Texts, facts, and products the sentence names: "it costs $9" must not become another product's price."""
    for marker in (*sources.evidence, *sources.features):
        if case.statement.markers == (marker,):
            continue
        source = cited_source(marker, sources, case.statement.spoken)
        if not isinstance(source, ProductSource) or _names(case, source, sources):
            yield marker


def _names(case: Case, product: ProductSource, sources: Sources) -> bool:
    """Whether the sentence says a word of this product's title that no other title holds."""
    spoken = case.statement.spoken
    every = (cited_source(marker, sources, spoken) for marker in sources.evidence if marker != product.marker)
    others = frozenset[str]().union(*(other.title_stems for other in every if isinstance(other, ProductSource)))
    return not (product.title_stems - others).isdisjoint(case.statement.stems)


def _with_marker(text: str, marker: str) -> str:
    """The sentence with this marker in the place of its first, and no other."""
    first = MARKER.search(text)
    if first is None:
        return text
    before, after = text[: first.start()], text[first.end() :]
    return f"{before}[{marker}]{without_markers(f'.{after}')[1:]}"


def _corrected(text: str, instead: Correction) -> str | None:
    """The sentence with the figure's number replaced; None when it does not stand there exactly once."""
    figure = instead.figure
    number = NUMBER.search(figure.text)
    if number is None or text.count(figure.text) != 1:
        return None
    right = f"{instead.value:,.2f}" if figure.dimension == "money" else f"{round(instead.value, 3):,.12g}"
    return text.replace(figure.text, f"{figure.text[: number.start()]}{right}{figure.text[number.end() :]}")
