"""Filter items as conditions. What a condition means is decided here, once; each engine only spells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retrievers.index.schema import FIELDS, folded
from retrievers.records import FilterItem


@dataclass(frozen=True, slots=True)
class Condition:
    """On one field: bounds, both inclusive, or any of some words; `negated` turns the words around."""

    field: str
    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] | None = None
    negated: bool = False
    unknown_passes: bool = False


def conditions(items: Sequence[FilterItem], head: str | None = None) -> list[Condition]:
    """All of them must hold. Raises ValueError for an unknown field or an operator its type does not have."""
    found = [_condition(item) for item in items]
    return [*found, Condition("head", words=(folded("head", head),))] if head else found


def _condition(item: FilterItem) -> Condition:
    field = FIELDS.get(item.field)
    if field is None:
        raise ValueError(f"no such filter field: {item.field}")
    if field.type == "keyword" and item.op in ("eq", "in", "not_in"):
        words = _words(item.field, item.value)
        return Condition(item.field, words=words, negated=item.op == "not_in", unknown_passes=field.unknown_passes)
    if field.type != "keyword" and item.op in ("lte", "gte", "eq") and isinstance(item.value, int | float):
        least = item.value if item.op != "lte" else None
        most = item.value if item.op != "gte" else None
        return Condition(item.field, least=least, most=most, unknown_passes=field.unknown_passes)
    raise ValueError(f"filter field {item.field} cannot be compared with {item.op} {item.value!r}")


def _words(field: str, value: Any) -> tuple[str, ...]:
    return tuple(folded(field, str(word)) for word in (value if isinstance(value, tuple | list) else (value,)))
