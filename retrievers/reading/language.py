"""How people say things, in each language we read: phrases and a glossary, from the data files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from retrievers.measures.units import NUMBER, unit_pattern
from retrievers.reading.numbers import spoken_numbers

WORD = re.compile(r"[^\W_]+(?:[-'’&.][^\W_]+)*", re.UNICODE)
LANGUAGES = ("en", "ko")
_CURRENCY = r"(?:usd|eur|gbp|krw|dollars?|bucks|euros?|pounds?|won|원|달러|유로|[$€£₩])"
AmountKind = Literal["money", "figure"]


@lru_cache(maxsize=64)
def patterns(section: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.IGNORECASE) for text in phrases(section, name))


@lru_cache(maxsize=64)
def amount_patterns(name: str, kind: AmountKind) -> tuple[re.Pattern[str], ...]:
    """With groups n1, cur1, mag1, unit1 for money, n1 and unit1 for a figure, and the same with 2 for a range."""
    return tuple(re.compile(_with_amounts(text, kind), re.IGNORECASE) for text in phrases("amounts", name))


@lru_cache(maxsize=64)
def words(name: str) -> frozenset[str]:
    return frozenset(phrases("words", name))


@lru_cache(maxsize=1)
def own_word() -> Mapping[str, Any]:
    """Words near a figure to the words of attribute names they mean, in all languages."""
    return table("attribute_words")


@lru_cache(maxsize=16)
def table(section: str) -> Mapping[str, Any]:
    return {key: value for language in LANGUAGES for key, value in _data(language)[section].items()}


def search(section: str, name: str, text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns(section, name) if (found := pattern.search(text))), None)


def phrases(section: str, name: str) -> Iterator[str]:
    for language in LANGUAGES:
        yield from _data(language)[section][name]


def said() -> Iterator[str]:
    """Everything that is written in the data files, patterns as they are."""
    for language in LANGUAGES:
        for section in _data(language).values():
            for key, value in section.items():
                yield from (key, *(value if isinstance(value, list) else [str(value)]))


def cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def with_english(text: str) -> str:
    """Korean words followed by what the glossary says they mean; the goods may be described in either language."""
    meanings = (english(word) for word in WORD.findall(text) if "가" <= word[0] <= "힣")
    return " ".join([text, *dict.fromkeys(meaning for meaning in meanings if meaning)])


def english(word: str) -> str | None:
    """What a Korean word begins with, in English; particles follow the word directly."""
    glossary = _data("ko")["glossary"]
    return next((glossary[word[:end]] for end in range(len(word), 0, -1) if word[:end] in glossary), None)


def _with_amounts(pattern: str, kind: AmountKind) -> str:
    last = pattern.count("{n}")
    for number in range(1, last + 1):
        pattern = pattern.replace("{n}", _money(number) if kind == "money" else _figure(number, last), 1)
    return pattern


def _money(number: int) -> str:
    written = rf"(?P<cur{number}>{_CURRENCY}\s*)?(?<![\w.,])(?P<n{number}>{NUMBER}|{spoken_numbers(_spoken())})"
    return rf"{written}\s*(?P<mag{number}>만|천|k\b)?\s*(?P<unit{number}>{_CURRENCY}(?![a-z]))?"


def _figure(number: int, last: int) -> str:
    """Only the last figure of a range must carry its unit."""
    unit = unit_pattern().replace("(?P<unit>", f"(?P<unit{number}>")
    optional = "?" if number < last else ""
    return rf"(?<![\w.,])(?P<n{number}>{NUMBER}|{spoken_numbers(_spoken())})(?:[\s-]?(?-i:{unit})){optional}"


def _spoken() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(table("numbers")), frozenset(table("multipliers"))


@lru_cache(maxsize=8)
def _data(language: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("data", f"{language}.toml").read_text(encoding="utf-8"))
