"""What a turn run with changes sees instead of what is stored or said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from graphs.turn import Changes
from retrievers.records import FeatureValue, FilterItem, Reading, ShopperFeatures

SET_ASIDE = "you set it aside"


def changed_features(changes: Changes) -> Callable[[ShopperFeatures, datetime], ShopperFeatures]:
    """For a `ShopperRead`: what is left out is unknown, and given values are as fresh as can be."""

    def change(features: ShopperFeatures, now: datetime) -> ShopperFeatures:
        unknown = {name: FeatureValue(name, None, "missing") for name in features if name in changes.without}
        given = {name: FeatureValue(name, value, "online", now, 0.0) for name, value in changes.values.items()}
        return {**features, **unknown, **given}

    return change


def set_aside(reading: Reading, changes: Changes) -> Reading:
    """Stated limits that are to be left out are listed with those that cannot be kept, with that reason."""
    aside = tuple(item for item in reading.limits if _named(item, changes))
    if not aside:
        return reading
    kept = tuple(item for item in reading.limits if item not in aside)
    told = (replace(item, reason=f"{item.reason}: {SET_ASIDE}", set_aside=True) for item in aside)
    return replace(reading, limits=kept, unread=(*reading.unread, *told))


def _named(item: FilterItem, changes: Changes) -> bool:
    return not changes.without.isdisjoint((item.field, f"{item.field} {item.op}"))
