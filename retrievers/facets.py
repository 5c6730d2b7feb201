"""What a product states, in the form conditions compare: figures in base units, yes or no, and words of a property.

The catalogue's loader settles what needs the whole catalogue in view (which unit a bare column of numbers is in) and
keeps the result with the card; a card without it is read by itself alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from retrievers.measures import Measure, Unit, measure, unit_in_name

ATTRIBUTE = "attribute:"  # before the names of attributes in `FilterItem.field`, several separated by "|"
PLAIN = Unit("", "", 1.0)  # of a number whose unit nobody tells
_IN_WORDS = re.compile(r"[^\W\d_][^\d<>()]+")
_LONGEST_PHRASE = 3  # words of a colour or a material; longer texts are prose
AttributeKind = Literal["measure", "number", "flag", "word", "choice"]
UnitOf = Callable[[str, float], Unit | None]


@dataclass(frozen=True, slots=True)
class Facets:
    """`measures` and `flags` by attribute name as the catalogue spells it; `words` by property, case-folded."""

    measures: Mapping[str, float] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spread:
    """Among the products of one kind: the share that states an attribute, and where nearly all of its figures lie."""

    share: float
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class AttributeSummary:
    """One attribute in the whole catalogue. `kind` is `number` where no unit is known; figures are in base units.

    Of an enumerated one (`choice`), `values` are what each kind of thing states, `telling` those that need no name.
    """

    kind: AttributeKind
    products: int
    unit: str | None = None  # the commonest
    overall: Spread = Spread(0.0)
    heads: Mapping[str, Spread] = field(default_factory=dict)  # by stem of what the products are
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    telling: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def properties() -> Mapping[str, re.Pattern[str]]:
    """The properties said in words, with the pattern of the attributes that state them."""
    return _properties()


def plain_properties() -> frozenset[str]:
    """Those that one word in front of a thing can ask for."""
    return frozenset(_data()["plain"]["properties"])


def attribute_names(field_name: str) -> tuple[str, ...]:
    """The attributes a condition is on; none when it is on another field."""
    return tuple(field_name[len(ATTRIBUTE) :].split("|")) if field_name.startswith(ATTRIBUTE) else ()


def facets_of(metadata: Mapping[str, Any]) -> Facets:
    """A card's facets as they were stored, else read from its attributes."""
    kept = metadata.get("facets")
    if kept is None:
        return read_facets(metadata.get("attributes") or {})
    words = {name: tuple(values) for name, values in kept["words"].items()}
    return Facets(kept["measures"], kept["flags"], words)


def facets_json(facets: Facets) -> dict[str, Any]:
    """The form `facets_of` reads back."""
    words = {name: list(values) for name, values in facets.words.items()}
    return {"measures": dict(facets.measures), "flags": dict(facets.flags), "words": words}


def read_facets(attributes: Mapping[str, Any]) -> Facets:
    """By the values and the names alone: a bare number without a unit in its name stays a plain one."""
    measures = {name: found.base for name, value in attributes.items() if (found := stated_measure(name, value))}
    flags = {name: said for name, value in attributes.items() if (said := stated_flag(value)) is not None}
    return Facets(measures, flags, stated_words(attributes))


def stated_measure(name: str, value: Any, unit_of: UnitOf | None = None) -> Measure | None:
    """A figure with the unit written in its value or its name, else the one `unit_of` knows, else plain."""
    if isinstance(value, str):
        return measure(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    named = unit_in_name(name)
    unit = named[1] if named else unit_of(name, float(value)) if unit_of else None
    return Measure(float(value), unit or PLAIN)


def stated_flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return _flags().get(value.strip().casefold())
    return value if isinstance(value, bool) else None


def stated_words(attributes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Each word as written and by its last part: "full-grain leather" is known as leather, "navy blue" as blue."""
    found: dict[str, set[str]] = {}
    for name, value in attributes.items():
        for kind, pattern in _properties().items():
            if pattern.search(name.casefold()) and isinstance(value, str | list) and stated_flag(value) is None:
                forms = (form for phrase in _phrases(value) for form in (phrase, _substance(phrase)))
                found.setdefault(kind, set()).update(forms)
    return {kind: tuple(sorted(words)) for kind, words in found.items() if words}


def _phrases(value: str | list[str]) -> Iterable[str]:
    values = value if isinstance(value, list) else [value]
    parts = (part.strip().casefold() for item in values for part in re.split(r"[,;/&+]|\band\b", str(item)))
    return (part for part in parts if _IN_WORDS.fullmatch(part) and len(part.split()) <= _LONGEST_PHRASE)


def _substance(phrase: str) -> str:
    words = re.split(r"[\s-]+", phrase)
    return phrase if likeness().intersection(words) else words[-1]


@lru_cache(maxsize=1)
def _properties() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _data()["properties"].items()}


@lru_cache(maxsize=1)
def likeness() -> frozenset[str]:
    """Words before a substance that say it only looks like it."""
    return frozenset(_data()["likeness"]["words"])


@lru_cache(maxsize=1)
def _flags() -> Mapping[str, bool]:
    said = _data()["flags"]
    return {**dict.fromkeys(said["yes"], True), **dict.fromkeys(said["no"], False)}


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("retrievers").joinpath("facets.toml").read_text(encoding="utf-8"))
