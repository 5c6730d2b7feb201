"""How old a value is and whether anything may rest on it: one rule for every store features are read from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from retrievers.features.descriptions import FeatureDescription
from retrievers.records import FeatureStatus, FeatureValue, ItemFacts

_SHELF = "item_stats"  # the view whose age is the price's
_ORDERS = "item_purchases"


def judged(description: FeatureDescription, value: Any, epoch: float | None, now: datetime) -> FeatureValue:
    """One stored value with its age at `now`; `epoch` is its event time in seconds, 0 or None when there is no row.

    A null, an empty list and an empty object say nothing and are `missing`; a stale value is kept for display. An event
    time ahead of `now` is clock skew and counts as age 0.
    """
    if not epoch:
        return FeatureValue(description.name, None, "missing")
    held = _python_value(description, value)
    event_time = datetime.fromtimestamp(epoch, UTC)
    age_s = max(0.0, (now - event_time).total_seconds())
    status = "missing" if held is None else _status(description, age_s)
    return FeatureValue(description.name, held, status, event_time, age_s)


def item_features(descriptions: Iterable[FeatureDescription], *, orders: bool) -> list[FeatureDescription]:
    """Those of products, with or without what orders say of them."""
    return [known for known in descriptions if known.entity == "item" and (orders or known.view != _ORDERS)]


def item_facts(product_id: str, values: Sequence[FeatureValue]) -> ItemFacts | None:
    """None for a product without a row; event time, age and staleness are the price's."""
    if all(value.event_time is None for value in values):
        return None
    fields = {value.name.split(":")[1]: value.value for value in values if value.readable}
    shelf = [value for value in values if value.name.startswith(f"{_SHELF}:")]
    timed = next((value for value in shelf if value.event_time is not None), None)
    stale = any(value.status == "stale" for value in shelf)
    if timed is None:
        return ItemFacts(product_id, **fields)
    return ItemFacts(product_id, **fields, event_time=timed.event_time, age_s=timed.age_s, stale=stale)


def _status(description: FeatureDescription, age_s: float) -> FeatureStatus:
    """What a shopper answered when first asked counts like what was observed, and says so."""
    if age_s > description.lifetime.total_seconds():
        return "stale"
    return "onboarding" if description.onboarding else "online"


def _python_value(description: FeatureDescription, value: Any) -> Any:
    if description.values is not None and value is not None:
        held = json.loads(value) if isinstance(value, str) else value
        value = {key: float(number) for key, number in held.items()} if description.values == "number" else held
    return None if value in ([], {}) else value
