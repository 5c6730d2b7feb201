"""The feature store as it stood at a moment, computed by the job that fills the real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retrievers.features.descriptions import retail_descriptions
from retrievers.features.judging import judged
from retrievers.purchases import Order, PurchaseLedger
from retrievers.ranking.forecast import LAST_PURCHASE, PURCHASED
from retrievers.records import FeatureValue, ItemFacts, ShopperFeatures

LAST_PURCHASED_AT = "user_session:last_purchased_at"


@dataclass(frozen=True)
class AsOf:
    """A `FeatureSource` over a ledger; asking it about a moment the ledger has reached raises FromTheFuture."""

    ledger: PurchaseLedger
    latest: Mapping[str, Order]  # by shopper

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        """The features that orders alone can tell; a shopper without orders has none."""
        purchases = self.ledger.purchased(user_id, now)
        last = self.latest.get(user_id)
        if not purchases or last is None:
            return {}
        told = {PURCHASED: purchases, LAST_PURCHASE: last.products[0], LAST_PURCHASED_AT: last.time}
        return {name: _value(name, value, last.time, now) for name, value in told.items()}

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        return {product_id: self.ledger.item(product_id, now) for product_id in product_ids}


def _value(name: str, value: Any, time: datetime, now: datetime) -> FeatureValue:
    return judged(retail_descriptions()[name], value, time.timestamp(), now)
