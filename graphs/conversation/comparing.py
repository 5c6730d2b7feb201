""" "Cheaper", "better rated", "too heavy", "more memory": in which order something else is wanted, and by how much."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from graphs.conversation.language import cut, search, table
from graphs.conversation.memory import ShownProduct
from retrievers.facets import PLAIN, attribute_names, stated_measure
from retrievers.measures import Unit
from retrievers.measures.units import units
from retrievers.reading.order import take_order
from retrievers.reading.vocabulary import Vocabulary
from retrievers.records import FilterItem, FilterOp, SortBy

_FIELDS = {
    "cheaper": SortBy("price"),
    "dearer": SortBy("price", descending=True),
    "better_rated": SortBy("rating", descending=True),
    "newer": SortBy("updated_at", descending=True),
    "more_popular": SortBy("popularity", descending=True),
}
_BEST = 5.0  # stars


def take_comparison(text: str, head: str | None, vocabulary: Vocabulary) -> tuple[str, SortBy | None]:
    """The text without the comparative, and the order it asks for; one the catalogue cannot answer stays."""
    for name, by_field in _FIELDS.items():
        found = search("refine", name, text)
        if found:
            return cut(text, found), by_field
    for spoken, superlative in table("comparatives").items():
        found = _spelled(spoken).search(text)
        sort = _order(superlative, head, vocabulary) if found else None
        if found and sort:
            return cut(text, found), sort
    for name, superlative in (("more_figure", "most"), ("less_figure", "least")):
        found = search("refine", name, text)
        said = found["attribute"].split() if found else []
        for size in range(len(said), 0, -1):
            sort = _order(f"{superlative} {' '.join(said[:size])}", head, vocabulary)
            if found and sort:
                return f"{text[: found.start()]} {' '.join(said[size:])} {text[found.end() :]}", sort
    return text, None


def beyond(sort: SortBy, products: Sequence[ShownProduct], vocabulary: Vocabulary) -> FilterItem | None:
    """A limit that everything these products have falls short of: cheaper is below the cheapest of them.

    Ratings are limited by one product only, since a row of cards mostly holds a very good one. None where nothing is
    known of them that a limit can be put on; the order alone is asked for then.
    """
    known = [value for product in products if (value := figure(product, sort, vocabulary)) is not None]
    if not known or (sort.field == "rating" and (len(known) > 1 or known[0] >= _BEST)):
        return None
    unit = _unit(sort, vocabulary)
    best = (max(known) if sort.descending else min(known)) / (unit.factor if unit else 1.0)
    value = _just_past(best, 1 if sort.descending else -1, cents=sort.field in ("price", "rating"))
    op: FilterOp = "gte" if sort.descending else "lte"
    return FilterItem(sort.field, op, value, "stated", "compared with what was shown", unit=unit.name if unit else None)


def _just_past(value: float, direction: int, *, cents: bool) -> float:
    """The next figure as such figures are written: one more decimal than it has, two for money and stars."""
    decimals = 2 if cents else len(f"{value:.6g}".partition(".")[2]) + 1
    return round(value + direction * 10.0**-decimals, decimals)


def _unit(sort: SortBy, vocabulary: Vocabulary) -> Unit | None:
    told = next((vocabulary.attributes.get(name) for name in attribute_names(sort.field)), None)
    return units().get(told.unit) if told and told.unit else None


def figure(product: ShownProduct, sort: SortBy, vocabulary: Vocabulary) -> float | None:
    """In base units, where it is an attribute's.

    A bare number is in the unit the catalogue mostly states the attribute in, if that makes it one of its figures.
    """
    names = attribute_names(sort.field)
    if not names:
        own: Mapping[str, float | None] = {"price": product.price, "rating": product.rating}
        return own.get(sort.field)
    stated, unit = stated_measure(names[0], product.attributes.get(names[0])), _unit(sort, vocabulary)
    if stated is None or stated.unit != PLAIN or unit is None:
        return stated.base if stated else None
    base, spread = stated.figure * unit.factor, vocabulary.attributes[names[0]].overall
    return base if spread.low <= base <= spread.high else None


def ordered(products: Sequence[ShownProduct], sort: SortBy, vocabulary: Vocabulary) -> list[ShownProduct]:
    """Those of which the figure is known, what is asked for first."""
    known = [(value, product) for product in products if (value := figure(product, sort, vocabulary)) is not None]
    return [product for _, product in sorted(known, key=lambda one: -one[0] if sort.descending else one[0])]


def _order(superlative: str, head: str | None, vocabulary: Vocabulary) -> SortBy | None:
    return take_order(superlative, head, vocabulary)[1]


@lru_cache(maxsize=256)
def _spelled(said: str) -> re.Pattern[str]:
    """Not in front of a figure, which bounds more exactly than what is in view does: "lighter than 5 kg"."""
    return re.compile(rf"(?<!\w){re.escape(said)}(?![a-z]|\s+than\s+\d)[가-힣]*", re.IGNORECASE)
