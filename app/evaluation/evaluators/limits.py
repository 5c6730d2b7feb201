"""What a requirement asks of a product, judged by the catalogue's record of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.evaluation.journeys.figures import same_text
from retrievers.embedding.tokens import tokens

Record = Mapping[str, Any]
Limits = Mapping[str, Any]

_HALF_A_CENT = 0.005
NOT = "but"


def judged(limits: Limits, record: Record) -> Iterator[tuple[str, bool]]:
    """Each single limit by name, and whether the product keeps it.

    An unknown rating or stock breaks no limit; an unknown price, and any other unknown, does.
    """
    for name, wanted in limits.items():
        if name == "attributes":
            stated = record.get("attributes") or {}
            yield from ((f"attributes.{key}", _is(value, stated.get(key))) for key, value in wanted.items())
        elif name == NOT:
            yield from ((f"not {key}", not kept) for key, kept in judged(wanted, record))
        else:
            yield name, _JUDGES[name](wanted, record)


def keeps(limits: Sequence[Limits], record: Record) -> bool:
    return all(kept for each in limits for _, kept in judged(each, record))


def within(wanted: Mapping[str, float], found: float) -> bool:
    low, high = wanted.get("min"), wanted.get("max")
    return (low is None or found >= low - _HALF_A_CENT) and (high is None or found <= high + _HALF_A_CENT)


def _is(wanted: Any, stated: Any) -> bool:
    """Of several texts any; of a product that states several any of those."""
    if stated is None:
        return False
    if isinstance(wanted, bool) or isinstance(stated, bool):
        return wanted is stated
    if isinstance(wanted, Mapping):
        return isinstance(stated, int | float) and within(wanted, stated)
    if isinstance(wanted, int | float):
        return isinstance(stated, int | float) and abs(stated - wanted) < _HALF_A_CENT
    return any(same_text(one, str(each)) for one in _several(wanted) for each in _several(stated))


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _price(wanted: Any, record: Record) -> bool:
    return record.get("price") is not None and within(wanted, record["price"])


def _rating(wanted: Any, record: Record) -> bool:
    return record.get("rating") is None or within(wanted, record["rating"])


def _in_stock(wanted: Any, record: Record) -> bool:
    return record.get("stock") is None or (record["stock"] > 0) is wanted


def _title(wanted: Any, record: Record) -> bool:
    return frozenset(tokens(" ".join(wanted))) <= frozenset(tokens(str(record.get("title") or "")))


def _field(name: str) -> Callable[[Any, Record], bool]:
    return lambda wanted, record: _is(wanted, record.get(name))


_JUDGES: Mapping[str, Callable[[Any, Record], bool]] = {
    "price": _price,
    "rating": _rating,
    "in_stock": _in_stock,
    "title": _title,
    "ids": lambda wanted, record: record.get("product_id") in wanted,
    **{name: _field(name) for name in ("brand", "category", "kind", "currency")},
}
