"""Figures with units, and which attribute of the catalogue each is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from retrievers.embedding.tokens import stem
from retrievers.facets import ATTRIBUTE, AttributeSummary, Spread
from retrievers.measures import Unit, bounds, unit_named
from retrievers.measures.units import amount_pattern, units
from retrievers.reading.language import WORD, amount_patterns, own_word, table, words
from retrievers.reading.numbers import number
from retrievers.reading.vocabulary import Vocabulary, name_stems
from retrievers.records import FilterItem

NEAR = 0.1  # "around 2 kg" is 1.8 to 2.2
UNKNOWN = "no product here says so"
_NEARBY = 3  # words on either side that may name the attribute
_BREAK = re.compile(r"[,;:.!?()]|\d|\b(?:and|or|with|for|but|under|over|below|above|than|at|between)\b", re.IGNORECASE)
_MOST_FIGURES = 8  # of one request
_STATED_BY_SOME = 0.1  # share of a kind's products that makes an attribute theirs
_NEARLY_AS_MANY = 0.5  # of the share of the attribute most products of the kind state

Op = Literal["lte", "gte", "eq"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was said: one or two bounds, with the words around them. `exact` ones stay among the search words."""

    bounds: tuple[tuple[Op, float], ...]
    unit: Unit
    text: str
    after: tuple[str, ...]
    before: tuple[str, ...]

    @property
    def exact(self) -> bool:
        return self.bounds[0][0] == "eq"


def take_figures(text: str) -> tuple[str, list[Figure]]:
    """The text without the limits, and every figure with a unit; "27 inch" alone asks for just that and stays."""
    figures: list[Figure] = []
    rest = text
    for name in ("between", "bare_between", "at_most", "at_least", "around"):
        for pattern in amount_patterns(name, "figure"):
            while found := pattern.search(rest):
                figures.append(_figure(found, name, rest))
                rest = f"{rest[: found.start()]} {_without_size(rest[found.end() :])}"
    figures += [_figure(found, "exact", rest) for found in _exact().finditer(rest)]
    return rest, figures[:_MOST_FIGURES]


def limits_of(
    figure: Figure, head: str | None, vocabulary: Vocabulary, named: Sequence[str] = (), *, guess: bool = True
) -> list[FilterItem]:
    """Conditions on the attributes meant, any of which will do; none when the catalogue does not tell which.

    By the words next to the figure; else the attributes `named` for another figure of the dimension; else by what the
    kind of thing asked for has, or all products when nothing is told of the kind: an attribute whose figures the limit
    falls among before one all or none of whose products keep it, one most products state before one few do, one in the
    same unit before others. Without `guess` only words count: of a thing the catalogue does not know, any attribute
    would do.
    """
    head = vocabulary.described(head)
    known = {
        name: told
        for name, told in vocabulary.attributes.items()
        if told.kind == "measure" and told.unit and _dimension(told.unit) == figure.unit.dimension
    }
    names = _named(figure.after, known, head) or _named(figure.before, known, head)
    names = names or [name for name in named if name in known]
    names = names or (_usual(figure, known, head) if guess else [])
    field = ATTRIBUTE + "|".join(names)
    return [
        FilterItem(field, op, value, "stated", figure.text, unit=figure.unit.name)
        for op, value in (figure.bounds if names else ())
    ]


def unread(figure: Figure) -> list[FilterItem]:
    """The same as an item to be listed as dropped."""
    dimension = figure.unit.dimension.replace("_", " ")
    return [
        FilterItem(dimension, op, value, "stated", f"{figure.text}: {UNKNOWN}", unit=figure.unit.name)
        for op, value in figure.bounds
    ]


def without_figures(text: str) -> list[str]:
    """The pieces of a text between its figures."""
    return _exact().split(text)[:: _exact().groups + 1]


def named_attributes(said: Sequence[str], known: dict[str, AttributeSummary], head: str | None) -> list[str]:
    """Attributes whose names share most words with what was said, those of this kind of thing first, then the plainest.

    Several remain only when they are equally likely.
    """
    meant = {stem(word) for word in said} | {stem(w) for word in said for w in own_word().get(word, ())}
    hits = {name: len(meant & name_stems(name)) for name in known}
    most = max(hits.values(), default=0)
    if not most:
        return []
    found = [name for name, count in hits.items() if count == most]
    common = _commonest(found, known, head)
    extra = {name: len(name_stems(name)) - most for name in common}
    return [name for name in common if extra[name] == min(extra.values())]


def _named(said: Sequence[str], known: dict[str, AttributeSummary], head: str | None) -> list[str]:
    return named_attributes(said, known, head) if said else []


def _usual(figure: Figure, known: dict[str, AttributeSummary], head: str | None) -> list[str]:
    spreads = {name: _spread(told, head) for name, told in known.items()}
    least = _STATED_BY_SOME if head else 0.0
    found = [name for name, spread in spreads.items() if spread and spread.share >= least]
    telling = [name for name in found if _among(figure, spreads[name])]
    common = _commonest(telling or found, known, head)
    return [name for name in common if known[name].unit == figure.unit.name] or common


def _among(figure: Figure, spread: Spread | None) -> bool:
    ends = [end for op, value in figure.bounds for end in bounds(op, value, figure.unit.name) if end is not None]
    return spread is not None and any(spread.low <= end <= spread.high for end in ends)


def _commonest(names: Iterable[str], known: dict[str, AttributeSummary], head: str | None) -> list[str]:
    """Those stated nearly as often as the one stated most, by products of this kind if any of them does."""
    shares = {name: spread.share if (spread := known[name].heads.get(head or "")) else 0.0 for name in names}
    if not any(shares.values()):
        shares = {name: known[name].overall.share for name in shares}
    least = _NEARLY_AS_MANY * max(shares.values(), default=0.0)
    return [name for name, share in shares.items() if share >= least]


def _spread(told: AttributeSummary, head: str | None) -> Spread | None:
    return told.overall if head is None else told.heads.get(head)


def _figure(found: re.Match[str], name: str, text: str) -> Figure:
    groups = found.groupdict()
    last = 2 if groups.get("n2") else 1
    unit = unit_named(found[f"unit{last}"])
    values = [_value(found, place, unit) for place in range(1, last + 1)]
    return Figure(
        bounds=_bounds(name, values),
        unit=unit,
        text=found.group(0).strip(),
        after=_words(text[found.end() :])[:_NEARBY],
        before=_words(text[: found.start()], backwards=True)[-_NEARBY:],
    )


def _bounds(name: str, values: Sequence[float]) -> tuple[tuple[Op, float], ...]:
    value = values[0]
    match name:
        case "between" | "bare_between":
            return (("gte", min(values)), ("lte", max(values)))
        case "at_most":
            return (("lte", value),)
        case "at_least":
            return (("gte", value),)
        case "around":
            return (("gte", round((1 - NEAR) * value, 6)), ("lte", round((1 + NEAR) * value, 6)))
        case _:
            return (("eq", value),)


def _value(found: re.Match[str], place: int, unit: Unit) -> float:
    """In the last figure's unit: "500 g to 2 kg"."""
    value = number(found[f"n{place}"], table("numbers"), table("multipliers"))
    own = found[f"unit{place}"]
    return value * unit_named(own).factor / unit.factor if own else value


def _words(text: str, *, backwards: bool = False) -> tuple[str, ...]:
    """Up to the next turn of the sentence."""
    parts = _BREAK.split(text)
    return tuple(word.casefold() for word in WORD.findall(parts[-1] if backwards else parts[0]))


def _without_size(after: str) -> str:
    """ "2 m long": the last word only says which size is meant."""
    word = WORD.match(after.lstrip())
    return after.lstrip()[word.end() :] if word and word.group(0).casefold() in words("sized") else after


@lru_cache(maxsize=1)
def _exact() -> re.Pattern[str]:
    return re.compile(amount_pattern().pattern.replace("(?P<figure>", "(?P<n1>").replace("(?P<unit>", "(?P<unit1>"))


def _dimension(unit_name: str) -> str:
    return units()[unit_name].dimension
