"""Figures in a text: amounts of money, shares, ratings, measures and plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from graphs.verification.language import Language, units

Bound = Literal["at_most", "at_least"]

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+[ -]\d/\d{1,2}|\d+(?:\.\d+)?|\.\d+"
NUMBER = re.compile(_NUMBER)
_DIGIT = re.compile(r"\d")
_GLUED = re.compile(r"(?!x\d)[a-z_]", re.IGNORECASE)  # part of a name, but for the times sign in "5x7"
_LONGEST_SIGN = 5  # code points: "US$ -"
_REACH = 28  # code points around a figure in which a word may say what it is
_SMALL_WORDS = r"(?:\s+(?:the|a|an|of|your|our|my|about|only|just|saved|usual|is|was|are|limit|budget))*"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is as written, `factor` brings it to the base unit of `dimension`; offsets count code points.

    Dimension "money" covers every currency; `currencies` lists what the sign may stand for, if one was given.
    """

    text: str
    value: float
    start: int
    end: int
    decimals: int = 0
    dimension: str | None = None
    factor: float = 1.0
    currencies: tuple[str, ...] = ()
    bound: Bound | None = None

    @property
    def tolerance(self) -> float:
        """Half of the last digit written, in the base unit."""
        return 0.5 * 10.0**-self.decimals * self.factor

    def equals(self, other: Figure) -> bool:
        """Same number in the same or a convertible unit; a side without a unit is compared by its number alone."""
        if self.dimension and other.dimension and self.dimension != other.dimension:
            return False
        if not (self.dimension and other.dimension) or self.factor == other.factor:
            return abs(self.value - other.value) < 1e-6
        return (
            abs(self.value * self.factor - other.value * other.factor) <= min(self.tolerance, other.tolerance) * 1.001
        )


@dataclass(frozen=True, slots=True)
class _Unit:
    dimension: str
    factor: float


def read_figures(text: str, spoken: Language) -> list[Figure]:
    """Every figure written in digits, in order. Digits glued to letters, as in `XM5`, are names and not figures."""
    return list(_figures(text, spoken)) if _DIGIT.search(text) else []


def spoken_numbers(text: str, spoken: Language) -> list[Figure]:
    """Numbers written as words, "one" to "twelve"."""
    return [
        Figure(word.group(), spoken.number_words[word.group().casefold()], word.start(), word.end())
        for word in _number_words(spoken).finditer(text)
    ]


def unit_figure(value: float, unit: str | None) -> Figure:
    """A record's number with the unit its field name ends in; an unknown unit counts as none."""
    known = _units().get((unit or "").casefold().replace("_", " "))
    text = f"{value:g}"
    decimals = len(text.partition(".")[2])
    if known is None:
        return Figure(text, value, 0, len(text), decimals)
    return Figure(text, value, 0, len(text), decimals, known.dimension, known.factor)


def _figures(text: str, spoken: Language) -> Iterator[Figure]:
    for found in _found(text):
        number = found["number"]
        after = found["after"] or ""
        if not after and _GLUED.match(text, found.end("number")):
            continue
        dimension, factor, currencies = _meaning(found["sign"], after.casefold(), text, found, spoken)
        yield Figure(
            text=found.group().strip(),
            value=_value(number),
            start=found.start(),
            end=found.end(),
            decimals=len(number.partition(".")[2]),
            dimension=dimension,
            factor=factor,
            currencies=currencies,
            bound=_bound(text, found, spoken, dimension),
        )


def _found(text: str) -> Iterator[re.Match[str]]:
    """The pattern's matches, tried at digits and the few places before them where a sign may begin."""
    end = 0
    for digit in _DIGIT.finditer(text):
        starts = range(max(end, digit.start() - _LONGEST_SIGN), digit.start() + 1) if digit.start() >= end else ()
        found = next((match for start in starts if (match := _pattern().match(text, start))), None)
        if found:
            end = found.end()
            yield found


def _value(number: str) -> float:
    whole, _, fraction = number.replace(",", "").replace("−", "-").partition("/")
    if not fraction:
        return float(whole)
    units, parts = re.split(r"[ -]", whole)  # "4 1/2"
    return float(units) + float(parts) / float(fraction)


def _meaning(
    sign: str | None, after: str, text: str, found: re.Match[str], spoken: Language
) -> tuple[str | None, float, tuple[str, ...]]:
    before, behind = _currencies()
    if sign:
        return "money", 1.0, before[sign.casefold()]
    if after in behind:
        return "money", 1.0, behind[after]
    unit = _units().get(after)
    lead = text[max(0, found.start() - _REACH) : found.start()]
    if unit and unit.dimension != "stars":
        return unit.dimension, unit.factor, ()
    for dimension, cue in (("stars", "rating"), ("money", "price"), ("reviews", "reviews_before")):
        if _before(spoken, cue, "", r"\s*\(?$").search(lead):
            return dimension, 1.0, ()
    return (unit.dimension, unit.factor, ()) if unit else (None, 1.0, ())


def _bound(text: str, found: re.Match[str], spoken: Language, dimension: str | None) -> Bound | None:
    """ "Up to $200" is a limit; "holds up to 200 kg" tells the value itself."""
    lead = text[max(0, found.start() - _REACH) : found.start()]
    if dimension != "money" and _before(spoken, "up_to", r"\b", r"\s*$").search(lead):
        return None
    trail = text[found.end() : found.end() + _REACH]
    for name in ("at_most", "at_least"):
        if _before(spoken, name, r"\b", r"\s*$").search(lead):
            return "at_most" if name == "at_most" else "at_least"
    if _behind(spoken, "limit_after").match(trail):
        return "at_most"
    if _behind(spoken, "least_after").match(trail):
        return "at_least"
    return None


@cache
def _number_words(spoken: Language) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(spoken.number_words)})\b", re.IGNORECASE)


@cache
def _before(spoken: Language, cue: str, start: str, end: str) -> re.Pattern[str]:
    """The cue as the last thing before a figure, but for words like "only" and "your"."""
    return re.compile(rf"{start}(?:{spoken.cue(cue).pattern}){_SMALL_WORDS}{end}", re.IGNORECASE)


@cache
def _behind(spoken: Language, cue: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{spoken.cue(cue).pattern})", re.IGNORECASE)


@cache
def _units() -> Mapping[str, _Unit]:
    return {
        name.casefold(): _Unit(row["dimension"], float(factor))
        for row in units()["unit"]
        for name, factor in row["names"].items()
    }


@cache
def _currencies() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    tables = units()["currency"]
    before, after = (
        {sign.casefold(): tuple(codes) for sign, codes in tables[side].items()} for side in ("before", "after")
    )
    return before, after


@cache
def _pattern() -> re.Pattern[str]:
    before, after = _currencies()
    signs = "|".join(re.escape(sign) for sign in sorted(before, key=len, reverse=True))
    names = sorted({*after, *_units()}, key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if re.match(r"[a-z/]", name))
    other = "|".join(re.escape(name) for name in names if not re.match(r"[a-z/]", name))
    return re.compile(
        rf"(?:(?<![\w.])|(?<=[\d\"”][x×]))(?:(?P<sign>{signs})\s?)?(?:(?<![\w.])|(?<=[\d\"”][x×]))(?P<number>(?:(?<=\s)[-−])?(?:{_NUMBER}))(?!\d)"
        rf"(?P<unit>[\s-]?(?P<after>(?:{latin})(?![\w-])|(?:{other})))?",
        re.IGNORECASE,
    )
