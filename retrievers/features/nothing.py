"""A shop that knows nothing about anybody: for retrieval alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from retrievers.records import ItemFacts, ShopperFeatures


class NoFeatures:
    """Implements `FeatureSource`."""

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        return {}

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        return {}
