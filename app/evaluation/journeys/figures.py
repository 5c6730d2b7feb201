"""Whether a figure, a text or a piece of JSON is as expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.evaluation.journeys.seen import Seen
from app.evaluation.journeys.values import Count, Range, Shown

_HALF_A_CENT = 0.005


def is_number(expected: int | Count, found: int) -> bool:
    if isinstance(expected, int):
        return found == expected
    return (expected.min is None or found >= expected.min) and (expected.max is None or found <= expected.max)


def is_figure(expected: float | Range, found: float | None, seen: Seen, of: str = "price") -> bool:
    """`of` names the figure of an earlier card that `above` and `below` mean; an unknown figure is never met."""
    if found is None:
        return False
    if not isinstance(expected, Range):
        return abs(found - expected) < _HALF_A_CENT
    above, below = (_earlier(shown, of, seen) for shown in (expected.above, expected.below))
    return all(
        (
            expected.min is None or found >= expected.min - _HALF_A_CENT,
            expected.max is None or found <= expected.max + _HALF_A_CENT,
            expected.above is None or (above is not None and found > above),
            expected.below is None or (below is not None and found < below),
        )
    )


def same_text(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def holds(expected: Any, found: Any, seen: Seen) -> bool:
    """Objects hold what is named of them, lists hold each of what is expected, `{turn, nth}` is a product's id."""
    if isinstance(expected, Mapping) and expected.keys() == {"turn", "nth"}:
        return bool(found == seen.product_id(Shown.model_validate(expected)))
    if isinstance(expected, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and holds(value, found[name], seen) for name, value in expected.items()
        )
    if isinstance(expected, list):
        if not isinstance(found, Sequence) or isinstance(found, str):
            return False
        return all(any(holds(each, one, seen) for one in found) for each in expected) and (bool(expected) or not found)
    if isinstance(expected, bool) or isinstance(found, bool) or not isinstance(expected, int | float):
        return bool(found == expected)
    return isinstance(found, int | float) and abs(found - expected) < _HALF_A_CENT


def _earlier(shown: Shown | None, of: str, seen: Seen) -> float | None:
    card = seen.card(shown) if shown else None
    return getattr(card, of) if card else None
