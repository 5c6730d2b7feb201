"""One product as a shopper may see it: words from the index, facts from the feature store."""

from __future__ import annotations

import asyncio

from retrievers.catalogue import DocumentType, Product
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Index
from retrievers.records import Clock, ItemFacts

_LIVE = ("price", "stock", "rating", "rating_count")


class Catalogue:
    """Looks products up by id."""

    def __init__(self, index: Index, features: FeatureSource, clock: Clock) -> None:
        self._index = index
        self._features = features
        self._clock = clock

    async def product(self, product_id: str) -> Product | None:
        """None when there is no such product. A fact the store cannot vouch for is None, never old.

        Raises IndexUnavailable.
        """
        found = await asyncio.to_thread(self._index.fetch, [f"{DocumentType.PRODUCT}/{product_id}"])
        if not found:
            return None
        facts = await self._facts(product_id)
        return Product.model_validate(found[0].metadata).model_copy(
            update={name: getattr(facts, name) for name in _LIVE}
        )

    async def _facts(self, product_id: str) -> ItemFacts:
        try:
            rows = await self._features.items([product_id], self._clock())
        except FeaturesUnavailable:
            rows = {}
        return rows.get(product_id, ItemFacts(product_id))
