"""Reads a request without a model: limits, brands, the kind of thing, and what sort of question it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrievers.embedding.tokens import stem
from retrievers.reading.language import WORD, cut, patterns, search, with_english, words
from retrievers.reading.prices import payable, take_prices
from retrievers.records import FilterItem, Intent, Reading, Sort

_TURN = re.compile(r"\b(?:for|with|without|from|compatible|that|which|under|below)\b|[,;:]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the loaded catalogue calls things; all case-folded, heads as stems."""

    brands: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    materials: frozenset[str] = frozenset()
    currency: str = "USD"

    @classmethod
    def of(cls, vocabulary: Mapping[str, Sequence[str]], currency: str = "USD") -> Vocabulary:
        """From an index manifest; a catalogue without brands or categories simply has empty sets."""
        return cls(
            currency=currency,
            brands=frozenset(name.casefold() for name in vocabulary.get("brands", ())),
            categories=frozenset(name.casefold() for name in vocabulary.get("categories", ())),
            heads=frozenset(vocabulary.get("heads", ())),
            materials=frozenset(name.casefold() for name in vocabulary.get("materials", ())),
        )


def read_request(question: str, vocabulary: Vocabulary) -> Reading:
    """Everything that could be read from `question`; English and Korean phrases are both tried."""
    rest, prices = take_prices(question)
    rest, sort = _take_sort(rest)
    rest, unwanted = _take_negations(rest, vocabulary)
    rest = with_english(rest)
    named = _named_products(question)
    terms = _terms(" ".join(named) or rest)
    intent = _intent(question, terms, named)
    foreign = [item for item in prices if not payable(item, vocabulary.currency)]
    limits = [*(item for item in prices if item not in foreign), *unwanted]
    if intent == "product":
        limits += _wanted_brands(rest, vocabulary)
    return Reading(
        question=question,
        intent=intent,
        terms=terms,
        head=_head(rest, vocabulary),
        limits=tuple(limits),
        foreign=tuple(foreign),
        sort=sort,
        named=named,
        asks_how=search("asks_how", question) is not None,
    )


def _intent(question: str, terms: str, named: tuple[str, ...]) -> Intent:
    if len(named) > 1:
        return "compare"
    if search("policy", question):
        return "policy"
    return "product" if terms else "open"


def _take_sort(text: str) -> tuple[str, Sort | None]:
    sorts: tuple[tuple[str, Sort], ...] = (
        ("cheapest", "price_asc"),
        ("dearest", "price_desc"),
        ("best_rated", "rating"),
    )
    for name, sort in sorts:
        found = search(name, text)
        if found:
            return cut(text, found), sort
    return text, None


def _take_negations(text: str, vocabulary: Vocabulary) -> tuple[str, list[FilterItem]]:
    """`not leather`, `no Acme`: only for names the catalogue knows, everything else stays in the text."""
    limits: list[FilterItem] = []
    for field, names in (("brand", vocabulary.brands), ("material", vocabulary.materials)):
        for word in words("negation"):
            for found in re.finditer(
                rf"\b{re.escape(word)}[\s-]+(?P<name>[\w.&'-]+(?:\s[\w.&'-]+)?)", text, re.IGNORECASE
            ):
                name = _known_prefix(found.group("name"), names)
                if name:
                    limits.append(FilterItem(field, "not_in", (name,), "stated", f"{word} {name}"))
                    text = re.sub(rf"\b{re.escape(word)}[\s-]+{re.escape(name)}", " ", text, flags=re.IGNORECASE)
    return text, limits


def _known_prefix(phrase: str, names: frozenset[str]) -> str | None:
    folded = phrase.casefold()
    return next((name for name in (folded, folded.split()[0]) if name in names), None)


def _wanted_brands(text: str, vocabulary: Vocabulary) -> list[FilterItem]:
    """Brands named before any "for" or "with"; one that is also the kind of thing asked for is read as the thing."""
    said = [word.casefold() for word in WORD.findall(_TURN.split(text)[0])]
    head = _head(text, vocabulary)
    found = [
        name
        for size in (3, 2, 1)
        for name in (" ".join(said[i : i + size]) for i in range(len(said) - size + 1))
        if name in vocabulary.brands and stem(name) != head
    ]
    brands = tuple(dict.fromkeys(found))
    return [FilterItem("brand", "in", brands, "stated", " ".join(brands))] if brands else []


def _head(text: str, vocabulary: Vocabulary) -> str | None:
    part = next((part for part in _TURN.split(text) if _terms(part)), "")
    stems = [stem(word.casefold()) for word in WORD.findall(part) if word.casefold() not in words("empty")]
    return next((word for word in reversed(stems) if word in vocabulary.heads), None)


def _named_products(question: str) -> tuple[str, ...]:
    """The things to compare, as said; empty unless the question asks for a comparison of at least two."""
    found = search("compare", question)
    if not found:
        return ()
    text = re.split(r"[:;]|[?!.]\s*$", question)[0]
    for pattern in patterns("compare"):
        text = pattern.sub(" vs " if "vs" in pattern.pattern or "versus" in pattern.pattern else " ", text)
    parts = re.split("|".join(p.pattern for p in patterns("compare_split")), text, flags=re.IGNORECASE)
    named = [" ".join(part.split()) for part in parts if part]
    return tuple(part for part in named if _terms(part))


def _terms(text: str) -> str:
    empty = words("empty")
    return " ".join(word for word in WORD.findall(text) if word.casefold() not in empty)
