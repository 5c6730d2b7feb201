"""Figures in a text: amounts of money, shares, ratings, measures and plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from graphs.verification.language import Language, units

Bound = Literal["at_most", "at_least"]

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+[ -]\d/\d{1,2}|\d+(?:\.\d+)?|\.\d+")
_START = r"(?:(?<![\w.])|(?<=[\d\"”][xX×]))"  # not inside a word, but "5" and "7" in "5x7"
# From the first digit on, which is fast to find; a sign, a minus and the point of ".5" stand before it.
_FROM_DIGIT = re.compile(
    r"\d(?:(?<![\w.]\d)|(?<=[\d\"”][xX×]\d)|(?<=\.\d)(?<![\w.]\.\d)|(?<=[\d\"”][xX×]\.\d))"
    r"(?:\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d*[ -]\d/\d{1,2}|\d*(?:\.\d+)?)(?!\d)"
)
_LATIN = re.compile(r"[a-z/]")
_GLUED = re.compile(r"(?!x\d)[a-z_]", re.IGNORECASE)  # part of a name, but for the times sign in "5x7"
_LONGEST_SIGN = 6  # code points: "US$ -."
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
    return list(_figures(text, spoken))


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
    end = 0
    for digits in _FROM_DIGIT.finditer(text):
        if digits.start() < end:
            continue  # part of a unit
        unit = _unit_behind(text, digits.end())
        if unit is None and _GLUED.match(text, digits.end()):
            continue
        before = _sign().search(text, max(end, digits.start() - _LONGEST_SIGN), digits.start())
        assert before is not None  # every part of the pattern is optional
        start, end = before.start(), unit.end() if unit else digits.end()
        number, lead = before["minus"] + digits.group(), text[max(0, start - _REACH) : start].lower()
        dimension, factor, currencies = _meaning(before["sign"], unit.group().casefold() if unit else "", lead, spoken)
        yield Figure(
            text=text[start:end],
            value=_value(number),
            start=start,
            end=end,
            decimals=len(number.partition(".")[2]),
            dimension=dimension,
            factor=factor,
            currencies=currencies,
            bound=_bound(lead, text[end : end + _REACH].lower(), spoken, dimension),
        )


def _unit_behind(text: str, end: int) -> re.Match[str] | None:
    """The longest unit or currency that follows, looked up by its first letter."""
    first = end + 1 if text[end : end + 1].isspace() or text[end : end + 1] == "-" else end
    names = _units_by_initial().get(text[first : first + 1].casefold())
    return names.match(text, first) if names else None


def _value(number: str) -> float:
    whole, _, fraction = number.replace(",", "").replace("−", "-").partition("/")
    if not fraction:
        return float(whole)
    units, parts = re.split(r"[ -]", whole)  # "4 1/2"
    return float(units) + float(parts) / float(fraction)


def _meaning(sign: str | None, after: str, lead: str, spoken: Language) -> tuple[str | None, float, tuple[str, ...]]:
    before, behind = _currencies()
    if sign:
        return "money", 1.0, before[sign.casefold()]
    if after in behind:
        return "money", 1.0, behind[after]
    unit = _units().get(after)
    if unit and unit.dimension != "stars":
        return unit.dimension, unit.factor, ()
    if told := _told(spoken).search(lead):
        return told.lastgroup, 1.0, ()
    return (unit.dimension, unit.factor, ()) if unit else (None, 1.0, ())


def _bound(lead: str, trail: str, spoken: Language, dimension: str | None) -> Bound | None:
    """ "Up to $200" is a limit; "holds up to 200 kg" tells the value itself."""
    if dimension != "money" and _up_to(spoken).search(lead):
        return None
    if found := _bound_before(spoken).search(lead) or _bound_behind(spoken).match(trail):
        return "at_most" if found["at_most"] else "at_least"
    return None


@cache
def _number_words(spoken: Language) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(spoken.number_words)})\b", re.IGNORECASE)


@cache
def _told(spoken: Language) -> re.Pattern[str]:
    """The cue as the last thing before a figure, but for words like "only" and "your"; groups are dimensions."""
    cues = (("stars", "rating"), ("money", "price"), ("reviews", "reviews_before"))
    told = "|".join(f"(?P<{dimension}>{spoken.cue(cue).pattern})" for dimension, cue in cues)
    return re.compile(rf"(?:{told}){_SMALL_WORDS}\s*\(?$")


@cache
def _up_to(spoken: Language) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{spoken.cue('up_to').pattern}){_SMALL_WORDS}\s*$")


@cache
def _bound_before(spoken: Language) -> re.Pattern[str]:
    at_most, at_least = spoken.cue("at_most").pattern, spoken.cue("at_least").pattern
    return re.compile(rf"\b(?:(?P<at_most>{at_most})|(?:{at_least})){_SMALL_WORDS}\s*$")


@cache
def _bound_behind(spoken: Language) -> re.Pattern[str]:
    at_most, at_least = spoken.cue("limit_after").pattern, spoken.cue("least_after").pattern
    return re.compile(rf"\s*(?:(?P<at_most>{at_most})|(?:{at_least}))")


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
def _sign() -> re.Pattern[str]:
    """What may stand right before a number: a currency's sign, a minus, the point of ".5"."""
    before, _ = _currencies()
    signs = "|".join(re.escape(sign) for sign in sorted(before, key=len, reverse=True))
    sign = rf"{_START}(?P<sign>{signs})(?:\s|(?<!\w))"
    return re.compile(rf"(?:{sign})?(?P<minus>(?:(?<=\s)[-−])?\.?)\Z", re.IGNORECASE)


@cache
def _units_by_initial() -> Mapping[str, re.Pattern[str]]:
    """Names of units and currencies, longest first; one in Latin letters ends where its word does."""
    _, after = _currencies()
    names: dict[str, list[str]] = {}
    for name in sorted({*(name.casefold() for name in after), *_units()}, key=len, reverse=True):
        names.setdefault(name[0], []).append(re.escape(name) + (r"(?![\w-])" if _LATIN.match(name) else ""))
    return {initial: re.compile("|".join(each), re.IGNORECASE) for initial, each in names.items()}
