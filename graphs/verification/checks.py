"""The named checks, in the order they are made; the first that fails decides the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from graphs.sources import Sources
from graphs.verification import records
from graphs.verification.cited import (
    CitedSource,
    cited_source,
    documents_among,
    products_among,
    shopper_facts_among,
)
from graphs.verification.claims import speaks_about_shopper
from graphs.verification.language import Vocabulary, thresholds
from graphs.verification.outcome import PASSED, Finding
from graphs.verification.statement import Statement, Word

Check = Callable[[Statement, Sources], Finding]
_FEW = 2  # a sentence of fewer content words is judged by all its words, however ordinary


def marker_exists(statement: Statement, sources: Sources) -> Finding:
    """There is a marker, and each one was in the prompt; a statement about the shopper cites a feature."""
    if not statement.markers:
        return Finding("unsupported", "no marker")
    for marker in statement.markers:
        if marker not in sources.evidence and marker not in sources.features:
            return Finding("unsupported", f"[{marker}] is not a source")
    if speaks_about_shopper(statement.text, statement.spoken) and sources.features.keys().isdisjoint(statement.markers):
        return Finding("unsupported", "speaks about the shopper without citing a fact")
    return PASSED


def span_exists(statement: Statement, sources: Sources) -> Finding:
    """Each cited source has a passage to show for it."""
    for source in cited(statement, sources):
        if source.passage(statement.needs) is None:
            return Finding("unsupported", f"[{source.marker}] has no passage about this")
    return PASSED


def span_supports(statement: Statement, sources: Sources) -> Finding:
    """Together the passages hold most of the sentence's content words, as `data/thresholds.toml` says."""
    found = cited(statement, sources)
    for fact in shopper_facts_among(found):
        if not fact.stated_in(statement):
            return Finding("contradicted", f"[{fact.marker}] says {fact.rendered}")
    needed = _needed(statement, found)
    if not needed:
        return PASSED
    said = frozenset[str]().union(
        *(source.support(passage) for source in found if (passage := source.passage(statement.needs)))
    )
    share = sum(word.held_by(said) for word in needed) / len(needed)
    least = thresholds()["document" if documents_among(found) else "record"]
    if share >= least:
        return PASSED
    missing = ", ".join(word.text for word in needed if not word.held_by(said))
    return Finding(
        "uncertain" if share >= thresholds()["uncertain"] else "unsupported", f"not in the source: {missing}"
    )


def figures_match(statement: Statement, sources: Sources) -> Finding:
    """Names, figures, stock words, yes-or-no attributes and comparisons agree with the cited records."""
    found = cited(statement, sources)
    for compare in (records.names, records.figures, records.stock, records.flags, records.comparison):
        finding = compare(statement, found, sources)
        if not finding.passed:
            return finding
    return PASSED


CHECKS: Mapping[str, Check] = {
    "marker_exists": marker_exists,
    "span_exists": span_exists,
    "span_supports": span_supports,
    "figures_match": figures_match,
}


def cited(statement: Statement, sources: Sources) -> list[CitedSource]:
    found = (cited_source(marker, sources, statement.spoken) for marker in statement.markers)
    return [source for source in found if source is not None]


def _needed(statement: Statement, found: Sequence[CitedSource]) -> list[Word]:
    """Content words that say what the fact is, rather than how it is put or what the product is called."""
    free: list[Vocabulary] = [statement.spoken.neutral]
    if shopper_facts_among(found):
        free.append(statement.spoken.shopper)
    titles = frozenset[str]().union(*(product.title_stems for product in products_among(found)))
    words = [
        word
        for word in statement.words
        if not any(word.text.casefold() in vocabulary for vocabulary in free) and not word.held_by(titles)
    ]
    only_documents = len(documents_among(found)) == len(found)
    return [*statement.words] if only_documents and len(words) < _FEW else words
