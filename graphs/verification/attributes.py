"""A record's attributes in whatever spelling they come: plain values, lists, or values nested beside their units."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from graphs.verification.language import Language, units
from graphs.verification.quantities import Figure, read_figures, spoken_numbers, unit_figure
from graphs.verification.words import Word, words_of
from retrievers.embedding.tokens import tokens

_SHORTEST_ROOT, _LONGEST_ENDING = 5, 3  # letters
_BRACKETS = re.compile(r"[()\[\]]")
_SPACES = re.compile(r"[\s_]+")
_GLUED = re.compile(r"(?<=[A-Za-z]{3})(?=\d)|(?<=\d)(?=[A-Za-z]{4})")  # "windows98", "20pack"; "s6" is a name


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an attribute. Values with the same `measure` are forms of one fact, as 66 grams and 0.15 pounds."""

    text: str
    words: tuple[Word, ...]  # outside its figures
    figures: tuple[Figure, ...]
    flag: bool | None
    absent: bool  # says that there is nothing of the kind: "none", "wire free", 0
    measure: tuple[str, ...]

    @property
    def measured(self) -> bool:
        """Only figures, no words: the whole value is a number."""
        return bool(self.figures) and not self.words


@dataclass(frozen=True)
class Attribute:
    """One attribute of a record: stems of its name, without a unit at its end, and what it holds."""

    name: frozenset[str]
    aliases: frozenset[str]  # stems of what people say for a word of its name
    negative: bool  # its name denies something, as `not_for_kids` does
    values: tuple[Value, ...]

    @property
    def flag(self) -> bool | None:
        """Set when the attribute is one yes or no."""
        return self.values[0].flag if len(self.values) == 1 else None

    def denied_by(self, text: str) -> bool:
        """Whether this is one yes or no and a text that speaks of nothing else says the opposite."""
        return self.flag is not None and (self.flag != self.negative) == says_absence(text)

    @cached_property
    def said(self) -> frozenset[str]:
        """Stems of its values and of what they are also called; neighbouring words written as one among them."""
        words = [value.words for value in self.values if value.flag is None]
        joined = (f"{one.text}{other.text}".casefold() for row in words for one, other in pairwise(row))
        stems = (stem for value in self.values if value.flag is None for stem in tokens(value.text))
        return frozenset((*stems, *joined, *(stem for row in words for word in row for stem in word.synonyms)))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for value in self.values for figure in value.figures)

    def named_in(self, stems: frozenset[str]) -> bool:
        return bool(self.name) and all(part in stems or any(akin(part, stem) for stem in stems) for part in self.name)

    def says_more_than(self, other: Attribute, stems: frozenset[str]) -> bool:
        """Whether the sentence names this attribute or tells its value, and the other's name is only a part of that."""
        named = self.name > other.name and self.named_in(stems)
        return named or (self.said >= other.name and bool(other.name) and self.said <= stems)


def attributes_of(rows: Mapping[str, Any], spoken: Language) -> tuple[Attribute, ...]:
    return tuple(_attribute(str(name), value, spoken) for name, value in rows.items())


def texts_of(value: Any) -> list[str]:
    """Every key and value of a nested record as text."""
    if isinstance(value, Mapping):
        return [text for key, each in value.items() for text in (_plain(str(key)), *texts_of(each))]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in texts_of(each)]
    return [] if value is None else [str(value)]


def akin(part: str, stem: str) -> bool:
    """The same word, or one inflected from the other: "weigh" and "weight", but not "water" and "waterproof"."""
    if part == stem:
        return True
    shorter, longer = (part, stem) if len(part) <= len(stem) else (stem, part)
    inflected = len(shorter) >= _SHORTEST_ROOT and len(longer) - len(shorter) <= _LONGEST_ENDING
    return inflected and longer.startswith(shorter) and not longer.endswith("less")


def says_absence(text: str) -> bool:
    return _absence().search(_plain(text)) is not None


@cache
def schema() -> Mapping[str, Any]:
    """`data/records.toml`: how records spell their keys and values, and what fields are called in speech."""
    return tomllib.loads((files("graphs.verification") / "data" / "records.toml").read_text("utf-8"))


def _attribute(name: str, value: Any, spoken: Language) -> Attribute:
    key = _key(name)
    values = tuple(_leaves(value, key.unit, (name,), spoken))
    inner = frozenset(stem for leaf in values for part in leaf.measure[1:] for stem in tokens(_plain(part)))
    return Attribute(key.stems, _also_said(key.stems) | inner | _also_said(inner), key.negative, values)


@dataclass(frozen=True, slots=True)
class _Key:
    """An attribute's name taken apart; a catalogue has few of them, and every product repeats them."""

    stems: frozenset[str]
    unit: str | None
    negative: bool


@lru_cache(maxsize=4096)
def _key(name: str) -> _Key:
    parts = [part for part in _SPACES.split(_BRACKETS.sub(" ", name)) if part]
    unit = parts.pop() if len(parts) > 1 and _is_unit(parts[-1]) else None
    return _Key(frozenset(tokens(" ".join(parts))), unit, says_absence(name))


def _also_said(stems: frozenset[str]) -> frozenset[str]:
    return frozenset[str]().union(*(_named("aliases").get(stem, frozenset()) for stem in stems))


def _leaves(value: Any, unit: str | None, place: tuple[str, ...], spoken: Language) -> Iterator[Value]:
    if isinstance(value, Mapping):
        units_here = {str(key).casefold(): str(each) for key, each in value.items() if _is_unit_key(str(key))}
        for key, each in value.items():
            if not _is_unit_key(str(key)):
                inner = place if key in schema()["keys"]["forms"] else (*place, str(key))
                yield from _leaves(each, _unit_for(str(key), units_here) or unit, inner, spoken)
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            yield from _leaves(each, unit, (*place, str(number)) if len(value) > 1 else place, spoken)
    elif not _unknown(value):
        yield _value(value, unit, place, spoken)


def _value(value: Any, unit: str | None, place: tuple[str, ...], spoken: Language) -> Value:
    if isinstance(value, bool):
        return Value(str(value), (), (), value, not value, place)
    if isinstance(value, (int, float)):
        return Value(f"{value:g}", (), (unit_figure(float(value), unit),), None, value == 0, place)
    text = _GLUED.sub(" ", _plain(str(value)))
    flag, absent = _spelled(text)
    figures = read_figures(text, spoken)
    words = tuple(_also_called(word) for word in words_of(text, figures, spoken))
    if figures and not words and unit is not None:
        figures = [unit_figure(figure.value, unit) if figure.dimension is None else figure for figure in figures]
    zero = bool(figures) and not words and all(figure.value == 0 for figure in figures)
    stated = (*figures, *spoken_numbers(text, spoken))
    return Value(text, words, stated, flag, absent or zero or says_absence(text), place)


def _also_called(word: Word) -> Word:
    names = frozenset[str]().union(*(_named("synonyms").get(stem, frozenset()) for stem in word.stems))
    return replace(word, synonyms=word.synonyms | names)


def _spelled(text: str) -> tuple[bool | None, bool]:
    """Yes or no, and whether it says that there is none."""
    spellings, bare = schema()["spellings"], text.strip(" .'\"").casefold()
    if bare in spellings["absent"]:
        return None, True
    return (True if bare in spellings["yes"] else False if bare in spellings["no"] else None), False


def _unknown(value: Any) -> bool:
    return value is None or (
        isinstance(value, str) and _plain(value).strip().casefold() in schema()["spellings"]["unknown"]
    )


def _unit_for(key: str, units_here: Mapping[str, str]) -> str | None:
    """`unit` is every sibling's; `serving_unit` is `serving_quantity`'s."""
    for name, unit in units_here.items():
        prefix, _, last = name.rpartition("_")
        if last in schema()["keys"]["unit"] and key.casefold().startswith(prefix):
            return unit
    return None


def _is_unit_key(key: str) -> bool:
    return key.casefold().rpartition("_")[2] in schema()["keys"]["unit"]


def _is_unit(name: str) -> bool:
    return any(name.casefold() in row["names"] for row in units()["unit"])


def _plain(text: str) -> str:
    return text.replace("_", " ")


@cache
def _named(table: str) -> Mapping[str, frozenset[str]]:
    rows = schema()[table].items()
    return {stem: frozenset(tokens(said)) for name, said in rows for stem in tokens(name)}


@cache
def _absence() -> re.Pattern[str]:
    return re.compile("|".join(schema()["absence"]["patterns"]), re.IGNORECASE)
