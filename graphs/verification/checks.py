"""The named checks, in the order they are made; the first that fails decides the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from graphs.verification import doing, records
from graphs.verification.cited import Case
from graphs.verification.claims import about_shopper
from graphs.verification.language import Vocabulary, thresholds
from graphs.verification.outcome import PASSED, Finding
from graphs.verification.passages import states
from graphs.verification.quantities import Figure
from graphs.verification.statement import Statement
from graphs.verification.support import Degree, Said, Support, support
from graphs.verification.words import Word

Check = Callable[[Case], Finding]
_FEW = 2  # a sentence of fewer content words is judged by all its words, however ordinary


def marker_exists(case: Case) -> Finding:
    """There is a marker, and each one was in the prompt; a statement about the shopper cites a feature."""
    statement, sources = case.statement, case.sources
    if not statement.markers:
        return Finding("unsupported", "no marker")
    for marker in statement.markers:
        if not sources.has(marker):
            return Finding("unsupported", f"[{marker}] is not a source")
    if not (case.facts or case.actions) and _about_this_shopper(case):
        return Finding("unsupported", "speaks about the shopper without citing a fact")
    return PASSED


def span_exists(case: Case) -> Finding:
    """Each cited source has a passage to show for it."""
    for source in case.cited:
        if source.passage(case.statement.needs) is None:
            return Finding("unsupported", f"[{source.marker}] has no passage about this")
    return PASSED


def span_supports(case: Case) -> Finding:
    """Together the passages hold most of the sentence's content words, as `data/thresholds.toml` says."""
    for fact in case.facts:
        if not fact.stated_in(case.statement):
            return Finding("contradicted", f"[{fact.marker}] says {fact.rendered}")
    needed = _needed(case)
    if not needed:
        return PASSED
    degree = document_support(case, needed).degree if case.documents else _record_support(case, needed)
    if degree == "supported":
        return PASSED
    said = said_by(case)
    unsaid = [word.text for word in needed if not word.held_by(said)]
    unsaid += [figure.text for figure in case.statement.figures if not _stated(figure, case)]
    return Finding(degree, f"not in the source: {', '.join(unsaid) or 'these words in this order'}")


def document_support(case: Case, needed: Sequence[Word]) -> Support:
    """What the cited documents hold of these words, with the other cited sources beside them."""
    passages = [passage for source in case.cited if (passage := source.passage(case.statement.needs))]
    figures = case.statement.figures
    said = Said(
        said_by(case),
        frozenset[tuple[str, str]]().union(*(passage.pairs for passage in passages)),
        tuple(figure for passage in passages for figure in passage.figures) if figures else (),
    )
    words = frozenset[str]().union(*(source.words for source in case.cited))
    numbers = [number for source in case.cited for number in source.numbers] if figures else []
    return support(needed, figures, said, words, numbers)


def _record_support(case: Case, needed: Sequence[Word]) -> Degree:
    said = said_by(case)
    share = sum(word.held_by(said) for word in needed) / len(needed)
    if share >= thresholds()["record"]:
        return "supported"
    return "uncertain" if share >= thresholds()["record_uncertain"] else "unsupported"


def _stated(figure: Figure, case: Case) -> bool:
    return any(states(figure, source.numbers) for source in case.cited)


def said_by(case: Case) -> frozenset[str]:
    """Stems that count as said by what the sentence cites."""
    passages = ((source, source.passage(case.statement.needs)) for source in case.cited)
    return frozenset[str]().union(*(source.support(passage) for source, passage in passages if passage))


def figures_match(case: Case) -> Finding:
    """Names, figures, stock words, attributes and comparisons agree with the cited records.

    A contradiction weighs more than something no record knows, whichever is found first.
    """
    failed = PASSED
    for compare in _COMPARISONS:
        finding = compare(case)
        if finding.verdict == "contradicted":
            return finding
        failed = finding if failed.passed else failed
    return failed


def attributed(case: Case) -> Finding:
    """What only a review says is told as somebody's opinion, never as the store's word."""
    if not case.reviews or case.statement.spoken.cue("attributed").search(case.statement.bare):
        return PASSED
    reviews = {review.marker for review in case.reviews}
    others = "".join(f"[{marker}]" for marker in case.statement.markers if marker not in reviews)
    without = Case(Statement(f"{case.statement.bare} {others}", case.statement.spoken), case.sources)
    if others and all(check(without).passed for check in (marker_exists, span_exists, span_supports, figures_match)):
        return PASSED
    return Finding("unsupported", "a buyer's opinion told as a fact")


_COMPARISONS: Sequence[Check] = (
    doing.happened,
    records.names,
    records.figures,
    records.stock,
    records.flags,
    records.values,
    records.comparison,
)
CHECKS: Mapping[str, Check] = {
    "marker_exists": marker_exists,
    "span_exists": span_exists,
    "span_supports": span_supports,
    "figures_match": figures_match,
    "attributed": attributed,
}


def _about_this_shopper(case: Case) -> bool:
    """A "you" that a cited text of the store says too is anybody, and so is one that a quote addresses."""
    store = [document for document in case.documents if document.speaks_for_store]
    return any(
        not case.statement.quoted(found.start(), case.quotes)
        and not any(document.holds(found.group()) for document in store)
        for found in about_shopper(case.statement.bare, case.statement.spoken)
    )


def _needed(case: Case) -> list[Word]:
    """Content words that say what the fact is, rather than how it is put or what the product is called."""
    spoken = case.statement.spoken
    free: list[Vocabulary] = [spoken.neutral, spoken.shopper] if case.facts else [spoken.neutral]
    titles = frozenset[str]().union(*(product.title_stems for product in case.products))
    opinion = spoken.cue("attributed").search(case.statement.bare)
    said = [word for word in case.statement.words if not opinion or word.start not in range(*opinion.span())]
    words = [
        word
        for word in said
        if not any(word.text.casefold() in vocabulary for vocabulary in free)
        and not word.held_by(titles)
        and not case.statement.quoted(word.start, case.quotes)
    ]
    only_documents = len(case.documents) == len(case.cited) and not case.quotes
    return said if only_documents and len(words) < _FEW else words
