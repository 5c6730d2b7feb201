"""Reads with ages judged here: Feast enforces no ttl online, and its Redis store reports unknown users as present."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from retrievers.features.descriptions import FeatureDescription
from retrievers.features.judging import item_facts, item_features, judged
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.store import FeastStore
from retrievers.records import FeatureValue, ItemFacts, ShopperFeatures

SHOPPER_SERVICE, ITEM_SERVICE, ORDERS_SERVICE = "shopper_turn", "item_turn", "item_orders"
Columns = Mapping[str, list[Any]]


class FeastFeatureSource:
    """A `FeatureSource` over the process's one Feast store."""

    def __init__(self, store: FeastStore) -> None:
        self._store = store
        known = store.descriptions.values()
        self._shopper = [description for description in known if description.entity == "user"]
        self._item = {orders: item_features(known, orders=orders) for orders in (False, True)}

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        columns = await self._read(SHOPPER_SERVICE, [user_id])
        return {description.name: _cell(description, columns, 0, now) for description in self._shopper}

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        unique = list(dict.fromkeys(product_ids))
        if not unique:
            return {}
        shelf, told = await asyncio.gather(self._read(ITEM_SERVICE, unique), self._orders(unique if orders else []))
        columns = {**shelf, **told}
        known = self._item[orders]
        rows = ([_cell(description, columns, row, now) for description in known] for row in range(len(unique)))
        facts = (item_facts(product_id, values) for product_id, values in zip(unique, rows, strict=True))
        return {fact.product_id: fact for fact in facts if fact is not None}

    async def _orders(self, product_ids: list[str]) -> Columns:
        """Nothing where they cannot be read: a store applied before there were such features still has prices."""
        try:
            return await self._read(ORDERS_SERVICE, product_ids) if product_ids else {}
        except FeaturesUnavailable:
            return {}

    async def _read(self, service: str, keys: list[str]) -> dict[str, list[Any]]:
        try:
            return await asyncio.to_thread(self._store.read_online, service, keys)
        except FeaturesUnavailable:
            raise
        except Exception as error:  # a backend raises what it likes; the turn needs one name for it
            reason = (str(error).splitlines() or [""])[0]
            raise FeaturesUnavailable(f"{type(error).__name__}: {reason}") from error


def _cell(description: FeatureDescription, columns: Columns, row: int, now: datetime) -> FeatureValue:
    column = description.name.replace(":", "__")
    if column not in columns:
        return judged(description, None, None, now)
    return judged(description, columns[column][row], columns[f"{column}__ts"][row], now)
