"""Reads a request without a model: limits, brands, the kind of thing, and what sort of question it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from retrievers.embedding.tokens import stem
from retrievers.records import FilterItem, Intent, Reading, Sort

_CURRENCY = r"(?:usd|eur|gbp|krw|dollars?|bucks|euros?|pounds?|won|원|달러|유로|[$€£₩])"
_AMOUNT = (
    rf"(?P<cur{{i}}>{_CURRENCY}\s*)?(?P<n{{i}}>\d[\d,]*(?:\.\d+)?)"
    rf"\s*(?P<mag{{i}}>만|천|k\b)?\s*(?P<unit{{i}}>{_CURRENCY})?"
)
_MAGNITUDES = {"만": 10_000.0, "천": 1_000.0, "k": 1_000.0}
_CODES = (  # which currencies a word may mean
    (re.compile(r"usd", re.I), ("USD",)),
    (re.compile(r"\$|dollars?|bucks|달러", re.I), ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")),
    (re.compile(r"€|eur|euros?|유로", re.I), ("EUR",)),
    (re.compile(r"£|gbp|pounds?", re.I), ("GBP",)),
    (re.compile(r"₩|krw|won|원", re.I), ("KRW",)),
)
_NOT_MONEY = re.compile(r"\s*(?:[-x×]|[a-z%\"”″°]+\b)", re.IGNORECASE)  # "16 GB", "27 inch", "600 x 600"
_AFTER_AMOUNT = re.compile(
    r"\s*(?:for|in|and|or|with|please|but|that|which|from|on|to|a|an|the|any|total|each|if)\b", re.I
)
_WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*", re.UNICODE)
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
    rest, prices = _take_prices(question)
    rest, sort = _take_sort(rest)
    rest, unwanted = _take_negations(rest, vocabulary)
    rest = _with_english(rest)
    named = _named_products(question)
    terms = _terms(" ".join(named) or rest)
    intent = _intent(question, terms, named)
    foreign = [item for item in prices if not _payable(item, vocabulary.currency)]
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
        asks_how=_search("asks_how", question) is not None,
    )


def _intent(question: str, terms: str, named: tuple[str, ...]) -> Intent:
    if len(named) > 1:
        return "compare"
    if _search("policy", question):
        return "policy"
    return "product" if terms else "open"


def _take_prices(text: str) -> tuple[str, list[FilterItem]]:
    for pattern in _patterns("between"):
        found = _money_match(pattern, text)
        if found and found.group("n2"):
            low, high = sorted((_amount(found, 1), _amount(found, 2)))
            return _cut(text, found), [_price("gte", low, found), _price("lte", high, found)]
    limits: list[FilterItem] = []
    for name, op in (("at_most", "lte"), ("at_least", "gte")):
        for pattern in _patterns(name):
            found = _money_match(pattern, text)
            if found:
                limits.append(_price(op, _amount(found, 1), found))
                text = _cut(text, found)
                break
    return text, limits


def _money_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match that is about money: with a currency, or with no other unit after the number."""
    for found in pattern.finditer(text):
        groups = found.groupdict()
        money = any(groups.get(name) for name in ("cur1", "unit1", "cur2", "unit2"))
        after = text[found.end() :]
        if money or _AFTER_AMOUNT.match(after) or not _NOT_MONEY.match(after):
            return found
    return None


def _price(op: str, value: float, found: re.Match[str]) -> FilterItem:
    return FilterItem("price", "lte" if op == "lte" else "gte", value, "stated", found.group(0).strip())


def _payable(item: FilterItem, currency: str) -> bool:
    """Whether a stated price is in the catalogue's currency; a number alone is, and nothing is ever converted."""
    meant = next((codes for pattern, codes in _CODES if pattern.search(item.reason)), (currency,))
    return currency in meant


def _amount(found: re.Match[str], number: int) -> float:
    digits = float(found.group(f"n{number}").replace(",", ""))
    return digits * _MAGNITUDES.get((found.group(f"mag{number}") or "").strip().lower(), 1.0)


def _take_sort(text: str) -> tuple[str, Sort | None]:
    sorts: tuple[tuple[str, Sort], ...] = (
        ("cheapest", "price_asc"),
        ("dearest", "price_desc"),
        ("best_rated", "rating"),
    )
    for name, sort in sorts:
        found = _search(name, text)
        if found:
            return _cut(text, found), sort
    return text, None


def _take_negations(text: str, vocabulary: Vocabulary) -> tuple[str, list[FilterItem]]:
    """`not leather`, `no Acme`: only for names the catalogue knows, everything else stays in the text."""
    limits: list[FilterItem] = []
    for field, names in (("brand", vocabulary.brands), ("material", vocabulary.materials)):
        for word in _words_of("negation"):
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
    words = [word.casefold() for word in _WORD.findall(_TURN.split(text)[0])]
    head = _head(text, vocabulary)
    found = [
        name
        for size in (3, 2, 1)
        for name in (" ".join(words[i : i + size]) for i in range(len(words) - size + 1))
        if name in vocabulary.brands and stem(name) != head
    ]
    brands = tuple(dict.fromkeys(found))
    return [FilterItem("brand", "in", brands, "stated", " ".join(brands))] if brands else []


def _head(text: str, vocabulary: Vocabulary) -> str | None:
    part = next((part for part in _TURN.split(text) if _terms(part)), "")
    stems = [stem(word.casefold()) for word in _WORD.findall(part) if word.casefold() not in _words_of("empty")]
    return next((word for word in reversed(stems) if word in vocabulary.heads), None)


def _named_products(question: str) -> tuple[str, ...]:
    """The things to compare, as said; empty unless the question asks for a comparison of at least two."""
    found = _search("compare", question)
    if not found:
        return ()
    text = re.split(r"[:;]|[?!.]\s*$", question)[0]
    for pattern in _patterns("compare"):
        text = pattern.sub(" vs " if "vs" in pattern.pattern or "versus" in pattern.pattern else " ", text)
    parts = re.split("|".join(p.pattern for p in _patterns("compare_split")), text, flags=re.IGNORECASE)
    named = [" ".join(part.split()) for part in parts if part]
    return tuple(part for part in named if _terms(part))


def _terms(text: str) -> str:
    empty = _words_of("empty")
    return " ".join(word for word in _WORD.findall(text) if word.casefold() not in empty)


def _with_english(text: str) -> str:
    """Korean words followed by what the glossary says they mean; the goods may be described in either language."""
    meanings = (_meaning(word) for word in _WORD.findall(text) if "가" <= word[0] <= "힣")
    return " ".join([text, *dict.fromkeys(meaning for meaning in meanings if meaning)])


def _meaning(word: str) -> str | None:
    glossary = _data()["ko"]["glossary"]
    return next((glossary[word[:end]] for end in range(len(word), 0, -1) if word[:end] in glossary), None)


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _search(name: str, text: str) -> re.Match[str] | None:
    return next((found for pattern in _patterns(name) if (found := pattern.search(text))), None)


@lru_cache(maxsize=32)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_with_amounts(text), re.IGNORECASE) for text in _phrases(name))


def _with_amounts(pattern: str) -> str:
    for number in (1, 2):
        pattern = pattern.replace("{n}", _AMOUNT.replace("{i}", str(number)), 1)
    return pattern


@lru_cache(maxsize=32)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(_phrases(name))


def _phrases(name: str) -> Iterator[str]:
    for language in _data().values():
        yield from language[name]


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("retrievers").joinpath("data/reading.toml").read_text(encoding="utf-8"))
