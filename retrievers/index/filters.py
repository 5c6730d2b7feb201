"""Filter items as conditions of the two engines. What a condition means is decided once, in `conditions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import qdrant_edge as edge
from qdrant_client import models

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


def edge_filter(items: Sequence[FilterItem], head: str | None = None) -> edge.Filter | None:
    found = conditions(items, head)
    return edge.Filter(must=[_edge_condition(condition) for condition in found]) if found else None


def qdrant_filter(items: Sequence[FilterItem], head: str | None = None) -> models.Filter | None:
    found = conditions(items, head)
    return models.Filter(must=[_qdrant_condition(condition) for condition in found]) if found else None


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


def _edge_condition(condition: Condition) -> edge.Filter | edge.FieldCondition:
    if condition.words is not None:
        match = edge.FieldCondition(condition.field, match=edge.MatchAny(list(condition.words)))
        if condition.negated:
            return edge.Filter(must_not=[match])
    else:
        bounds = edge.RangeFloat(gte=condition.least, lte=condition.most)
        match = edge.FieldCondition(condition.field, range=bounds)
    if condition.unknown_passes:
        return edge.Filter(should=[match, edge.IsEmptyCondition(condition.field)])
    return match


def _qdrant_condition(condition: Condition) -> models.Filter | models.FieldCondition:
    if condition.words is not None:
        match = models.FieldCondition(key=condition.field, match=models.MatchAny(any=list(condition.words)))
        if condition.negated:
            return models.Filter(must_not=[match])
    else:
        bounds = models.Range(gte=condition.least, lte=condition.most)
        match = models.FieldCondition(key=condition.field, range=bounds)
    if condition.unknown_passes:
        empty = models.IsEmptyCondition(is_empty=models.PayloadField(key=condition.field))
        return models.Filter(should=[match, empty])
    return match
