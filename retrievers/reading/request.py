"""Reads a request without a model: limits, wishes, the kind of thing, and what sort of question it is."""

from __future__ import annotations

import re

from retrievers.embedding.tokens import stem
from retrievers.facets import attribute_names
from retrievers.reading.aims import (
    companion_of,
    courtesy,
    fits,
    singular,
    take_quantity,
    take_recipient,
    without_openness,
)
from retrievers.reading.beside import Pieces
from retrievers.reading.choices import chosen_values, wanted_choices
from retrievers.reading.counts import exact_counts, take_bounds
from retrievers.reading.figures import Figure, limits_of, take_figures, unread, without_figures
from retrievers.reading.language import WORD, patterns, search, with_english, words
from retrievers.reading.order import take_order
from retrievers.reading.prices import payable, take_prices, take_rating
from retrievers.reading.spelling import spelled
from retrievers.reading.vocabulary import Vocabulary, find_names, is_common
from retrievers.reading.wishes import (
    TURN,
    stated_category,
    take_unwanted,
    wanted_brands,
    wanted_flags,
    wanted_words,
)
from retrievers.records import FilterItem, Intent, Reading

NOT_COMPANY = "what goes with it, not more of the same"


def read_request(question: str, vocabulary: Vocabulary, about: str | None = None) -> Reading:
    """Everything that could be read from `question`; English and Korean phrases are both tried.

    `about` is the kind of thing already spoken of, meant by wishes that name none.
    """
    polite = courtesy(question)
    if polite:
        return Reading(question, "courtesy", "", courtesy=polite)
    asked, (question, corrected) = question, spelled(question, vocabulary)
    owned = companion_of(question)
    text, recipient = take_recipient(owned or without_openness(question))
    text, rating = take_rating(text)
    text, figures = take_figures(text)
    text, counts = take_bounds(text, _kind(text, about, vocabulary), vocabulary)
    text, prices = take_prices(text, vocabulary.heads)
    text, unwanted, missed = take_unwanted(text, _kind(text, about, vocabulary), vocabulary)
    text = with_english(text)
    kind, pieces = _kind(text, about, vocabulary), Pieces.of(text)
    exact, values = exact_counts(pieces, kind, vocabulary), chosen_values(pieces, kind, vocabulary)
    counted = {*exact, *(pieces.span(said.start, said.end)[0] for said in values)}
    text, quantity = take_quantity(text, lambda word: stem(singular(word)) in vocabulary.heads, counted)
    chosen, seldom = wanted_choices(pieces, values)
    text, sort = take_order(text, _head(text, vocabulary) or about, vocabulary)
    head = _head(text, vocabulary) or about
    named = _named_products(question)
    compared = bool(search("about", "compare", question))
    terms = _terms(" ".join(named) if len(named) > 1 else _without_comparing(text))
    intent = _intent(question, terms, named, compares=compared and head is not None)
    foreign = [item for item in prices if not payable(item, vocabulary.currency)]
    limits = [*(item for item in prices if item not in foreign), *rating, *unwanted]
    if intent == "product" or (intent == "compare" and len(named) < 2) or (about and intent == "open"):
        limits += [*_wishes(text, head, vocabulary), *chosen, *counts, *exact.values()]
        read, unmeasured, lost = _figures(figures, head, vocabulary, guess=head is not None or not terms)
        limits += read
        missed += [*unmeasured, *seldom]
        terms = " ".join([terms, *lost])
    if owned and head:
        limits.append(FilterItem("head", "not_in", (head,), "stated", NOT_COMPANY))
    return Reading(
        question=asked,
        intent=intent,
        terms=terms,
        head=None if owned else head,
        limits=tuple(limits),
        foreign=tuple(foreign),
        unread=tuple(missed),
        sort=sort,
        named=named if len(named) > 1 else (),
        asks_how=search("about", "asks_how", question) is not None,
        quantity=quantity,
        fits=fits(text, vocabulary),
        recipient=recipient,
        goes_with=owned,
        corrected=corrected,
    )


def kind_named(text: str, vocabulary: Vocabulary) -> str | None:
    """The stem of the kind of thing a text names, without reading anything else in it."""
    return _head(with_english(text), vocabulary)


def _kind(text: str, about: str | None, vocabulary: Vocabulary) -> str | None:
    """The kind whose attributes are meant: named, spoken of before, or the one these words are part of the name of."""
    head = _head(text, vocabulary)
    said = WORD.findall(TURN.split(text)[0].casefold())
    last = max((n for n, word in enumerate(said, 1) if stem(singular(word)) == head), default=0)
    return vocabulary.narrowed(said[last : last + 1] if head else said) or vocabulary.described(head or about)


def _wishes(text: str, head: str | None, vocabulary: Vocabulary) -> list[FilterItem]:
    return [
        *wanted_brands(text, head, vocabulary),
        *stated_category(text, vocabulary),
        *wanted_words(text, head, vocabulary),
        *wanted_flags(text, head, vocabulary),
    ]


def _figures(
    figures: list[Figure], head: str | None, vocabulary: Vocabulary, *, guess: bool
) -> tuple[list[FilterItem], list[FilterItem], list[str]]:
    """Limits, what could not be read, and the words of the latter that were taken out and are searched for instead."""
    read: list[FilterItem] = []
    missed: list[FilterItem] = []
    lost: list[str] = []
    for figure in sorted(figures, key=lambda figure: not (figure.after or figure.before)):
        named = [] if figure.exact else [name for item in read for name in attribute_names(item.field)]
        found = limits_of(figure, head, vocabulary, named, guess=guess)
        read += found
        if not found and not figure.exact:
            missed += unread(figure)
            lost += [f"{value:g} {figure.unit.name}" for _, value in figure.bounds]
    return read, missed, lost


def _intent(question: str, terms: str, named: tuple[str, ...], *, compares: bool) -> Intent:
    if len(named) > 1 or compares:
        return "compare"
    if search("about", "policy", question):
        return "policy"
    return "product" if terms else "open"


def _head(text: str, vocabulary: Vocabulary) -> str | None:
    """The last known kind before the sentence turns; of the pieces between figures, the first that names one."""
    parts = [part for part in TURN.split(text) if _terms(part)]
    part = next((part for part in parts if not _only_brands(part, vocabulary)), parts[0] if parts else "")
    for piece in without_figures(part):
        named = (word.casefold() for word in WORD.findall(piece))
        stems = [
            stem(singular(word))
            for word in named
            if word not in words("empty") | words("negation") and not _is_name(word, vocabulary)
        ]
        found = next((word for word in reversed(stems) if word in vocabulary.heads), None)
        if found:
            return found
    return None


def _is_name(word: str, vocabulary: Vocabulary) -> bool:
    return word in vocabulary.brands and not is_common(word, vocabulary)


def _only_brands(text: str, vocabulary: Vocabulary) -> bool:
    """As in front of the commas of "HP, Canon or Xerox toner"."""
    said = WORD.findall(_terms(text))
    return sum(name.end - name.start for name in find_names(said, vocabulary.brands)) == len(said)


def _named_products(question: str) -> tuple[str, ...]:
    """The things to compare, as said; empty unless the question asks for a comparison."""
    if not search("about", "compare", question):
        return ()
    text = re.split(r"[:;]|[?!.]\s*$", question)[0]
    for pattern in patterns("about", "compare"):
        text = pattern.sub(" vs " if "vs" in pattern.pattern or "versus" in pattern.pattern else " ", text)
    parts = re.split("|".join(p.pattern for p in patterns("about", "compare_split")), text, flags=re.IGNORECASE)
    named = [" ".join(part.split()) for part in parts if part]
    return tuple(part for part in named if _terms(part))


def _without_comparing(text: str) -> str:
    for pattern in patterns("about", "compare"):
        text = pattern.sub(" ", text)
    return text


def _terms(text: str) -> str:
    empty = words("empty")
    return " ".join(word for word in WORD.findall(text) if word.casefold() not in empty)
