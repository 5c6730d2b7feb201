"""A product's attributes as a shopper would say them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graphs.models.composer.turn import Shown
from graphs.prompts.phrases import Phrases
from retrievers.embedding.tokens import tokens

_UNITS = frozenset(
    {"g", "kg", "mm", "cm", "m", "ml", "l", "w", "wh", "v", "gb", "tb", "mah", "hz", "db", "hours", "inch"}
)
_SPELLED = {"w": "W", "wh": "Wh", "v": "V", "gb": "GB", "tb": "TB", "mah": "mAh", "hz": "Hz", "db": "dB"}
_LONGEST = 40  # characters of a value that still reads well inside a sentence
_UNSAID = frozenset({"family"})  # groups variants; means nothing to a shopper


def attributes(product: Shown) -> Mapping[str, Any]:
    """Those short enough to be said."""
    known = product.evidence.metadata.get("attributes")
    if not isinstance(known, Mapping):
        return {}
    return {name: value for name, value in known.items() if name not in _UNSAID and _sayable(value)}


def relevant(product: Shown, asked: frozenset[str], count: int) -> list[str]:
    """Names of the attributes the question is about: by name first, then by value unless the title says it already."""
    in_title = set(tokens(product.title))
    scored = []
    for name, value in attributes(product).items():
        by_name = len(asked.intersection(tokens(_words(name)[0])))
        by_value = len(asked.intersection(tokens(str(value))) - in_title)
        if by_name or by_value:
            scored.append((-2 * by_name - by_value, name))
    return [name for _, name in sorted(scored)[:count]]


def shared(products: Iterable[Shown], asked: frozenset[str], count: int) -> list[str]:
    """Attributes all of them have, those the question is about first and those they differ in before equal ones."""
    known = [attributes(product) for product in products]
    names = [name for name in known[0] if all(name in other for other in known)] if known else []

    def order(name: str) -> tuple[bool, bool, int]:
        differs = len({str(other[name]) for other in known}) > 1
        return not asked.intersection(tokens(_words(name)[0])), not differs, names.index(name)

    return sorted(names, key=order)[:count]


def spoken(name: str, value: Any, phrases: Phrases) -> str:
    """`weight 280 g` from `weight_g: 280`; a true attribute is its name alone."""
    words, unit = _words(name)
    if isinstance(value, bool):
        return phrases.say("true" if value else "false", name=words)
    return phrases.say("attribute", name=words, value=_value(value, unit))


def _value(value: Any, unit: str | None) -> str:
    if isinstance(value, int | float):
        figure = f"{value:.10g}"  # as recorded: a rounded figure would not equal the record
        return f"{figure} {_SPELLED.get(unit, unit)}" if unit else figure
    return " / ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _words(name: str) -> tuple[str, str | None]:
    """The name in words, and the unit it ends in, if any."""
    parts = re.sub(r"[\W_]+", " ", name).split()
    if len(parts) > 1 and parts[-1].lower() in _UNITS:
        return " ".join(parts[:-1]), parts[-1].lower()
    while len(parts) > 1 and len(parts[-1]) == 1:  # what is left of a symbol, as in `humidity__h_h_`
        parts.pop()
    return " ".join(parts), None


def _sayable(value: Any) -> bool:
    return isinstance(value, bool | int | float) or 0 < len(_value(value, None)) <= _LONGEST
