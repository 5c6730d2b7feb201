"""How people say things, in each language we read: patterns, courtesies and a glossary, from the data file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

WORD = re.compile(r"[^\W_]+(?:[-'’&.][^\W_]+)*", re.UNICODE)
_CURRENCY = r"(?:usd|eur|gbp|krw|dollars?|bucks|euros?|pounds?|won|원|달러|유로|[$€£₩])"
_AMOUNT = (
    rf"(?P<cur{{i}}>{_CURRENCY}\s*)?(?P<n{{i}}>\d[\d,]*(?:\.\d+)?)"
    rf"\s*(?P<mag{{i}}>만|천|k\b)?\s*(?P<unit{{i}}>{_CURRENCY})?"
)


@lru_cache(maxsize=32)
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_with_amounts(text), re.IGNORECASE) for text in _phrases(name))


@lru_cache(maxsize=32)
def words(name: str) -> frozenset[str]:
    return frozenset(_phrases(name))


def search(name: str, text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns(name) if (found := pattern.search(text))), None)


def cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def with_english(text: str) -> str:
    """Korean words followed by what the glossary says they mean; the goods may be described in either language."""
    meanings = (_meaning(word) for word in WORD.findall(text) if "가" <= word[0] <= "힣")
    return " ".join([text, *dict.fromkeys(meaning for meaning in meanings if meaning)])


def _meaning(word: str) -> str | None:
    glossary = _data()["ko"]["glossary"]
    return next((glossary[word[:end]] for end in range(len(word), 0, -1) if word[:end] in glossary), None)


def _with_amounts(pattern: str) -> str:
    for number in (1, 2):
        pattern = pattern.replace("{n}", _AMOUNT.replace("{i}", str(number)), 1)
    return pattern


def _phrases(name: str) -> Iterator[str]:
    for language in _data().values():
        yield from language[name]


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("reading.toml").read_text(encoding="utf-8"))
