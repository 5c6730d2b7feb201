"""Reads with ages judged here: Feast enforces no ttl online, and its Redis store reports unknown users as present."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from retrievers.features.descriptions import FeatureDescription
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.store import FeastStore
from retrievers.records import FeatureStatus, FeatureValue, ItemFacts, ShopperFeatures

SHOPPER_SERVICE, ITEM_SERVICE = "shopper_turn", "item_turn"


class FeastFeatureSource:
    """A `FeatureSource` over the process's one Feast store."""

    def __init__(self, store: FeastStore) -> None:
        self._store = store
        by_entity: dict[str, list[FeatureDescription]] = {"user": [], "item": []}
        for description in store.descriptions.values():
            by_entity[description.entity].append(description)
        self._shopper, self._item = by_entity["user"], by_entity["item"]

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        columns = await self._read(SHOPPER_SERVICE, [user_id])
        return {description.name: judged(description, columns, 0, now) for description in self._shopper}

    async def items(self, product_ids: Sequence[str], now: datetime) -> Mapping[str, ItemFacts]:
        unique = list(dict.fromkeys(product_ids))
        if not unique:
            return {}
        columns = await self._read(ITEM_SERVICE, unique)
        rows = ([judged(description, columns, row, now) for description in self._item] for row in range(len(unique)))
        facts = (_item_facts(product_id, values) for product_id, values in zip(unique, rows, strict=True))
        return {fact.product_id: fact for fact in facts if fact is not None}

    async def _read(self, service: str, keys: list[str]) -> dict[str, list[Any]]:
        try:
            return await asyncio.to_thread(self._store.read_online, service, keys)
        except FeaturesUnavailable:
            raise
        except Exception as error:  # a backend raises what it likes; the turn needs one name for it
            reason = (str(error).splitlines() or [""])[0]
            raise FeaturesUnavailable(f"{type(error).__name__}: {reason}") from error


def judged(description: FeatureDescription, columns: Mapping[str, list[Any]], row: int, now: datetime) -> FeatureValue:
    """One value with its age at `now`.

    A null, an empty list and an empty object say nothing and are `missing`; a stale value is kept for display. An event
    time ahead of `now` is clock skew and counts as age 0.
    """
    column = description.name.replace(":", "__")
    value = _python_value(description, columns[column][row]) if column in columns else None
    epoch = columns[f"{column}__ts"][row] if column in columns else 0
    if not epoch:
        return FeatureValue(description.name, None, "missing")
    event_time = datetime.fromtimestamp(epoch, UTC)
    age_s = max(0.0, (now - event_time).total_seconds())
    status: FeatureStatus = "stale" if age_s > description.lifetime.total_seconds() else "online"
    return FeatureValue(description.name, value, "missing" if value is None else status, event_time, age_s)


def _python_value(description: FeatureDescription, value: Any) -> Any:
    if description.values is not None and value is not None:
        held = json.loads(value) if isinstance(value, str) else value
        value = {key: float(number) for key, number in held.items()} if description.values == "number" else held
    return None if value in ([], {}) else value


def _item_facts(product_id: str, values: Sequence[FeatureValue]) -> ItemFacts | None:
    """None for a product without a row; only event time and age for one past its hard age."""
    timed = next((value for value in values if value.event_time is not None), None)
    if timed is None:
        return None
    fields = {value.name.split(":")[1]: value.value for value in values if value.readable}
    stale = any(value.status == "stale" for value in values)
    return ItemFacts(product_id, **fields, event_time=timed.event_time, age_s=timed.age_s, stale=stale)
