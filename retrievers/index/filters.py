"""Filter items as conditions. What a condition means is decided here, once; each engine only spells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from retrievers.choices import choice_word
from retrievers.facets import attribute_names
from retrievers.index.schema import CHOICE, FIELDS, FLAG, MEASURED, flag_word, folded, measure_key
from retrievers.measures import bounds
from retrievers.records import FilterItem


@dataclass(frozen=True, slots=True)
class Condition:
    """On one field: bounds, both inclusive, or any of some words; `negated` turns the words around.

    With `either` it holds when any of those does, and says nothing else.
    """

    field: str
    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] | None = None
    negated: bool = False
    unknown_passes: bool = False
    either: tuple[Condition, ...] = ()


def conditions(items: Sequence[FilterItem], heads: Sequence[str] = ()) -> list[Condition]:
    """All of them must hold. Raises ValueError for an unknown field or an operator its type does not have."""
    found = [condition for item in items for condition in _conditions(item)]
    return [*found, Condition("head", words=_words("head", tuple(heads)))] if heads else found


def _conditions(item: FilterItem) -> list[Condition]:
    names = attribute_names(item.field)
    if not names:
        return [_condition(item)]
    if item.op in ("in", "not_in") and item.value in ("yes", "no"):
        words = tuple(flag_word(name, item.value == "yes") for name in names)
        return [Condition(FLAG, words=words, negated=item.op == "not_in")]
    if item.op in ("in", "not_in") and isinstance(item.value, tuple):
        words = tuple(choice_word(name, value) for name in names for value in item.value)
        return [Condition(CHOICE, words=words, negated=item.op == "not_in")]
    if item.op in ("lte", "gte", "eq") and _is_number(item.value):
        least, most = bounds(item.op, float(item.value), item.unit)
        figures = tuple(Condition(measure_key(name), least=least, most=most) for name in names)
        return [Condition(MEASURED, words=names), Condition(item.field, either=figures)]
    raise _senseless(item)


def _condition(item: FilterItem) -> Condition:
    field = FIELDS.get(item.field)
    if field is None:
        raise ValueError(f"no such filter field: {item.field}")
    if field.type == "keyword" and item.op in ("eq", "in", "not_in"):
        return Condition(item.field, words=_words(item.field, item.value), negated=item.op == "not_in")
    if field.type != "keyword" and item.op in ("lte", "gte", "eq") and _is_number(item.value):
        least = float(item.value) if item.op != "lte" else None
        most = float(item.value) if item.op != "gte" else None
        return Condition(item.field, least=least, most=most, unknown_passes=field.unknown_passes)
    raise _senseless(item)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _senseless(item: FilterItem) -> ValueError:
    return ValueError(f"filter field {item.field} cannot be compared with {item.op} {item.value!r}")


def _words(field: str, value: Any) -> tuple[str, ...]:
    return tuple(folded(field, str(word)) for word in (value if isinstance(value, tuple | list) else (value,)))
