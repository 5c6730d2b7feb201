"""Amounts as shops and shoppers write them: "16 GB", `15.6"`, "1,5 kg", and columns such as `weight_g`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_ROUNDING, _NEARLY = 1e-6, 0.03
_SYMBOL = re.compile(r"__[a-z](?:_[a-z])*_*$")  # of the quantity, not of its unit, as in `humidity__h_h_`
_RANGE_FOLLOWS = re.compile(r"\s*(?:-|–|x|×|/)\s*\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` turns a figure into the base unit of `dimension`."""

    name: str
    dimension: str
    factor: float


@dataclass(frozen=True, slots=True)
class Measure:
    figure: float
    unit: Unit

    @property
    def base(self) -> float:
        return self.figure * self.unit.factor


def measure(text: str) -> Measure | None:
    """The one amount a value states: `16 GB`, `15.6" (39.6 cm)`; None for ranges, sizes such as `20 x 30 cm`, prose."""
    found = amount_pattern().match(text.strip())
    if found is None or _RANGE_FOLLOWS.match(text.strip()[found.end("figure") :]):
        return None
    rest = text.strip()[found.end() :].strip()
    return _measured(found) if not rest or (rest[0] == "(" and rest[-1] == ")") else None


def amounts(text: str) -> Iterator[Measure]:
    """Every amount in a text, in order."""
    return (_measured(found) for found in amount_pattern().finditer(text))


def unit_named(written: str) -> Unit:
    """Raises KeyError for a name that `amount_pattern` does not match."""
    spelled = " ".join(written.split())
    units = _written()
    return units[spelled] if spelled in units else units[spelled.casefold()]


def unit_in_name(column: str) -> tuple[str, Unit] | None:
    """`weight_g` as ("weight", gram); a lone unit (`gb`, `hours`) names itself unless it is a single letter."""
    if _SYMBOL.search(column):
        return None
    words = re.findall(r"[^\W_]+", column.casefold())
    for size in (2, 1) if words else ():
        unit = _columns().get("_".join(words[-size:]))
        if unit is not None and (len(words) > size or len(words[0]) > 1):
            return "_".join(words[:-size]), unit
    return None


def bounds(op: str, value: float, unit_name: str | None) -> tuple[float | None, float | None]:
    """What `value` in this unit asks of a figure in base units, both ends inclusive, rounding of conversions forgiven.

    "27 inch" means what would be written so: half of its last digit either way, but at most 3%.
    """
    factor = units()[unit_name].factor if unit_name else 1.0
    slack = _ROUNDING * abs(value)
    if op == "eq":
        decimals = f"{value:.10g}".partition(".")[2]
        slack = max(slack, min(0.5 * 10 ** -len(decimals), _NEARLY * abs(value)))
    least = (value - slack) * factor if op != "lte" else None
    most = (value + slack) * factor if op != "gte" else None
    return least, most


def figure(text: str) -> float:
    """`1,200.5` and `1,5` as numbers: a comma before exactly three digits separates thousands, else decimals."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


@lru_cache(maxsize=1)
def amount_pattern() -> re.Pattern[str]:
    """Groups `figure` and `unit`."""
    return re.compile(rf"(?<![\w.,])(?P<figure>{NUMBER})[\s-]?{unit_pattern()}")


@lru_cache(maxsize=1)
def unit_pattern() -> str:
    """An alternative of every written unit as group `unit`, the longest first, ending where the word does."""
    names = sorted(_written(), key=len, reverse=True)
    long = "|".join(_spelled(name) for name in names if len(name) > 1)
    short = "|".join(re.escape(name) for name in names if len(name) == 1)
    return rf"(?P<unit>(?i:{long})|{short})(?![A-Za-z0-9_/²])"


def _spelled(name: str) -> str:
    return re.escape(name).replace(r"\ ", r"\s+")


def _measured(found: re.Match[str]) -> Measure:
    return Measure(figure(found["figure"]), unit_named(found["unit"]))


@lru_cache(maxsize=1)
def _written() -> Mapping[str, Unit]:
    return {name: unit for unit, spellings in _units() for name in spellings["written"]}


@lru_cache(maxsize=1)
def _columns() -> Mapping[str, Unit]:
    return {name: unit for unit, spellings in _units() for name in spellings["columns"]}


@lru_cache(maxsize=1)
def units() -> Mapping[str, Unit]:
    """By name."""
    return {unit.name: unit for unit, _ in _units()}


def _units() -> Iterator[tuple[Unit, Mapping[str, list[str]]]]:
    table = tomllib.loads(files(__package__).joinpath("units.toml").read_text(encoding="utf-8"))
    for dimension, named in table.items():
        for name, unit in named.items():
            yield Unit(name, dimension, float(unit["factor"])), unit
