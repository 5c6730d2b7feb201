"""Values that a catalogue enumerates: "king" of a size, "IP67" of a rating; how they are written and compared.

A range of whole numbers ("US 5-14", "2-4") or of letter sizes ("XS-XXL") states every value in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from retrievers.facets import properties, stated_flag
from retrievers.measures import measure

PIECE = re.compile(r"\d+\.\d+|[^\W_]+(?:['’&.][^\W_]+)*")
_SEPARATOR = re.compile(r"[,;/|\n]")
_KEPT = re.compile(r"(?<=\d)\.(?=\d)|[^\W_]")
_NUMBERS = re.compile(r"(?:[^\W\d_]{1,3}\s+)?(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})")
_LETTERS = re.compile(r"(\w{1,4})\s*(?:-|–|to)\s*(\w{1,4})")
_WIDEST = 30  # whole numbers in a range; wider ones are measurements
_LONGEST, _LONGEST_WORDS, _LONGEST_LIST = 30, 4, 80  # of a value, and characters of a list of them


def pieces(text: str) -> list[str]:
    """Words, those joined by hyphens apart: "king-size" is two."""
    return PIECE.findall(text)


def choice_key(said: Iterable[str]) -> str:
    """The same however it is spaced, hyphenated or written large: "USB-C" is "usbc", and 2.5 is not 25."""
    return "".join("".join(_KEPT.findall(word.casefold())) for word in said)


def choice_word(attribute: str, value: str) -> str:
    """As a payload holds it."""
    return f"{attribute}={choice_key([value])}"


def stated_choices(name: str, value: Any) -> tuple[str, ...]:
    """What an attribute may be asked by, case-folded; none for prose, names, and what is compared in another way."""
    if _is_another(name) or stated_flag(value) is not None:
        return ()
    if isinstance(value, int | float):
        return (f"{value:g}",)
    if isinstance(value, str) and measure(value):
        return ()
    found = {
        choice_key([form]): form for item in (value if isinstance(value, list) else [value]) for form in _forms(item)
    }
    return tuple(form for key, form in found.items() if key)


def spellings(key: str) -> tuple[str, ...]:
    """Keys that mean the same, itself among them."""
    return _aliases().get(key, (key,))


def _forms(text: str) -> Iterator[str]:
    said = " ".join(text.casefold().split())
    parts = [part.strip() for part in _SEPARATOR.split(text.casefold())] if len(text) <= _LONGEST_LIST else []
    for form in dict.fromkeys([said, *parts]):
        if form and len(form) <= _LONGEST and len(form.split()) <= _LONGEST_WORDS and form not in _nothing():
            yield form
            yield from _range(form)


def _range(form: str) -> Iterator[str]:
    if numbers := _NUMBERS.fullmatch(form):
        low, high = int(numbers[1]), int(numbers[2])
        yield from (str(number) for number in range(low, high + 1) if high - low <= _WIDEST)
    elif letters := _LETTERS.fullmatch(form):
        sizes = _data()["choices"]["letter_sizes"]
        ends = [sizes.index(key) for key in map(_letter_size, letters.groups()) if key in sizes]
        yield from sizes[ends[0] : ends[1] + 1] if len(ends) == 2 else ()


def _letter_size(said: str) -> str:
    sizes = _data()["choices"]["letter_sizes"]
    return next((key for key in spellings(choice_key([said])) if key in sizes), said)


@lru_cache(maxsize=4096)
def _is_another(name: str) -> bool:
    """Whether an attribute is read in another way, or names the product."""
    patterns = (*properties().values(), re.compile(_data()["choices"]["naming"]))
    return any(pattern.search(name.casefold()) for pattern in patterns)


def unsaid() -> frozenset[str]:
    """Words of an attribute's name that nobody needs to say."""
    return frozenset(_data()["choices"]["unsaid"])


@lru_cache(maxsize=1)
def _nothing() -> frozenset[str]:
    return frozenset(_data()["choices"]["nothing"])


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, tuple[str, ...]]:
    groups = [tuple(choice_key([form]) for form in group) for group in _data()["choices"]["same"]]
    return {key: (key, *(other for other in group if other != key)) for group in groups for key in group}


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("retrievers").joinpath("facets.toml").read_text(encoding="utf-8"))
