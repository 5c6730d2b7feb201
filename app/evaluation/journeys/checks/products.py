"""What was shown: which products, of what kind, in which order, and how they relate to those shown before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.evaluation.journeys.expectation import ProductCondition, Products
from app.evaluation.journeys.figures import is_figure, is_number, same_text
from app.evaluation.journeys.seen import Miss, Seen
from app.evaluation.journeys.values import Range
from graphs.answer import ProductCard
from retrievers.embedding.tokens import tokens

Cards = Sequence[ProductCard]


def products_missed(name: str, expected: Products, cards: Cards, seen: Seen) -> Iterator[Miss]:
    """`name` is the key the expectation stands under."""
    ids = [card.product_id for card in cards]
    if expected.count is not None and not is_number(expected.count, len(ids)):
        yield Miss(f"{name}.count", _plain(expected.count), len(ids))
    for key, said in (*_listed(expected, ids, seen), *_related(expected, ids, seen)):
        yield Miss(f"{name}.{key}", said, ids)
    yield from _judged(name, expected, cards, seen)
    if expected.order_by is not None and not _ordered(expected.order_by, cards):
        field = expected.order_by.removeprefix("-")
        yield Miss(f"{name}.order_by", expected.order_by, [getattr(card, field) for card in cards])


def _listed(expected: Products, ids: Sequence[str], seen: Seen) -> Iterator[tuple[str, Any]]:
    exact, include, exclude = (
        None if refs is None else [seen.product_id(ref) for ref in refs]
        for refs in (expected.ids, expected.include, expected.exclude)
    )
    if exact is not None and exact != list(ids):
        yield "ids", exact
    if include is not None and not set(include) <= set(ids):
        yield "include", include
    if exclude is not None and set(exclude) & set(ids):
        yield "exclude", exclude


def _related(expected: Products, ids: Sequence[str], seen: Seen) -> Iterator[tuple[str, Any]]:
    """A turn that showed nothing is nothing to compare with."""
    compared = (
        ("same_as", expected.same_as, lambda earlier: list(ids) == earlier),
        ("different_from", expected.different_from, lambda earlier: not set(ids) & set(earlier)),
        ("subset_of", expected.subset_of, lambda earlier: set(ids) <= set(earlier)),
    )
    for key, turn, alike in compared:
        if turn is None:
            continue
        earlier = [card.product_id for card in seen.cards(turn)]
        if not earlier or not ids or not alike(earlier):
            yield key, {"turn": turn, "products": earlier}


def _judged(name: str, expected: Products, cards: Cards, seen: Seen) -> Iterator[Miss]:
    conditions = {
        key: value for key in ("first", "all", "any", "none") if (value := getattr(expected, key)) is not None
    }
    if not conditions:
        return
    rows = seen.catalogue([card.product_id for card in cards])
    for key, condition in conditions.items():
        meets = [meets_condition(condition, card, rows.get(card.product_id, {}), seen) for card in cards]
        fulfilled = {
            "first": meets[:1] == [True],
            "all": all(meets) and bool(meets),
            "any": any(meets),
            "none": bool(meets) and not any(meets),
        }
        if not fulfilled[key]:
            odd = [card for card, met in zip(cards, meets, strict=True) if met == (key == "none")]
            told = [_told(card, rows.get(card.product_id, {}), condition) for card in odd]
            yield Miss(f"{name}.{key}", condition.model_dump(exclude_unset=True), told)


def meets_condition(condition: ProductCondition, card: ProductCard, row: Mapping[str, Any], seen: Seen) -> bool:
    """`row` is what the catalogue says; price, rating and stock are the card's own."""
    path = row.get("category") or ()
    stated = row.get("attributes") or {}
    brands = [condition.brand] if isinstance(condition.brand, str) else condition.brand
    wanted = condition.attributes or {}
    return all(
        (
            condition.price is None or is_figure(condition.price, card.price, seen, "price"),
            condition.rating is None or is_figure(condition.rating, card.rating, seen, "rating"),
            condition.in_stock is None or card.in_stock is condition.in_stock,
            brands is None or any(same_text(brand, row.get("brand") or "") for brand in brands),
            condition.category is None or any(same_text(condition.category, step) for step in path),
            condition.kind is None or same_text(condition.kind, row.get("kind") or ""),
            condition.title is None or _words(" ".join(condition.title)) <= _words(card.title),
            all(name in stated and _is_attribute(value, stated[name], seen) for name, value in wanted.items()),
        )
    )


def _is_attribute(expected: Any, stated: Any, seen: Seen) -> bool:
    """Of several texts any; of a product that states several any of those."""
    if isinstance(expected, bool) or isinstance(stated, bool):
        return expected is stated
    if isinstance(expected, int | float | Range):
        return isinstance(stated, int | float) and is_figure(expected, stated, seen)
    wanted = [expected] if isinstance(expected, str) else expected
    found = stated if isinstance(stated, list | tuple) else [str(stated)]
    return any(same_text(one, each) for one in wanted for each in found)


def _ordered(order: str, cards: Cards) -> bool:
    """At least two known figures, each no better placed than the one before."""
    figures = [getattr(card, order.removeprefix("-")) for card in cards]
    known = [figure for figure in figures if figure is not None]
    if len(known) < 2 or len(known) < len(figures):
        return False
    return all(one >= other if order.startswith("-") else one <= other for one, other in pairwise(known))


def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _told(card: ProductCard, row: Mapping[str, Any], condition: ProductCondition) -> dict[str, Any]:
    """What of a product the condition is about."""
    asked = condition.model_fields_set - {"attributes"}
    told = {name: getattr(card, name, row.get(name)) for name in sorted(asked)}
    stated = row.get("attributes") or {}
    return {"product_id": card.product_id, **told, **{name: stated.get(name) for name in condition.attributes or ()}}


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_unset=True) if hasattr(value, "model_dump") else value
