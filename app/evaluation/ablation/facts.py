"""What is known without a feature store: nobody, and of products what was written down when they were indexed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from retrievers.catalogue import DocumentType
from retrievers.features.protocol import FeatureSource
from retrievers.index.protocol import Index
from retrievers.records import FeatureValue, ItemFacts, ShopperFeatures


class AsIndexed:
    """A `FeatureSource` of the catalogue's own figures; `source` only says which features there would be."""

    def __init__(self, source: FeatureSource, index: Index) -> None:
        self._source, self._index = source, index

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        known = await self._source.shopper(user_id, now)
        return {name: FeatureValue(name, None, "missing") for name in known}

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        found = self._index.fetch([f"{DocumentType.PRODUCT}/{product_id}" for product_id in product_ids])
        facts = (_facts(evidence.metadata) for evidence in found)
        return {each.product_id: replace(each, event_time=now, age_s=0.0) for each in facts}


def _facts(product: Mapping[str, object]) -> ItemFacts:
    names = ("price", "stock", "rating", "rating_count")
    return ItemFacts(str(product["product_id"]), **{name: product.get(name) for name in names})  # type: ignore[arg-type]
