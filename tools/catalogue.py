"""One product as a shopper may see it: words from the index, facts from the feature store, and its reviews."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from retrievers.catalogue import DocumentType, Product
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Index, Query
from retrievers.records import Clock, Evidence, FilterItem, ItemFacts

_LIVE = ("price", "stock", "rating", "rating_count")
_SHOWN = 20  # reviews of one product
_READ = 200  # passages of its reviews; a long one has several
_UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReviewText:
    """A review as it was indexed, instructions to machines and the like taken out.

    Passages of it are cited by its `id`, those of a long one with `#` and a number.
    """

    id: str
    title: str
    text: str
    rating: float | None
    date: datetime | None


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

    async def reviews(self, product_id: str) -> list[ReviewText]:
        """The newest first. Raises IndexUnavailable."""
        about = FilterItem("product_id", "eq", product_id, "policy")
        (hits,) = await asyncio.to_thread(self._index.search, [Query(DocumentType.REVIEW, _READ, filters=(about,))])
        parts = defaultdict[str, list[Evidence]](list)
        for hit in hits:
            parts[hit.evidence.id.partition("#")[0]].append(hit.evidence)
        read = [_review(review_id, passages) for review_id, passages in parts.items()]
        return sorted(read, key=lambda review: (review.date or _UNDATED, review.id), reverse=True)[:_SHOWN]

    async def products_of(self, evidence_ids: Sequence[str]) -> Mapping[str, str]:
        """By evidence id, of those that are about a product. Raises IndexUnavailable."""
        found = await asyncio.to_thread(self._index.fetch, list(dict.fromkeys(evidence_ids)))
        named = ((item.id, item.metadata.get("product_id")) for item in found)
        return {evidence_id: str(product_id) for evidence_id, product_id in named if product_id is not None}

    def cards(self, product_ids: Collection[str]) -> dict[str, Product]:
        """As they were indexed, without live facts; those that left the catalogue are left out.

        Blocking. Raises IndexUnavailable.
        """
        found = self._index.fetch([f"{DocumentType.PRODUCT}/{product_id}" for product_id in product_ids])
        read = (Product.model_validate(item.metadata) for item in found)
        return {product.product_id: product for product in read}

    async def _facts(self, product_id: str) -> ItemFacts:
        try:
            rows = await self._features.items([product_id], self._clock())
        except FeaturesUnavailable:
            rows = {}
        return rows.get(product_id, ItemFacts(product_id))


def _review(review_id: str, passages: Sequence[Evidence]) -> ReviewText:
    """Its passages put together again; reviews are cut without overlap."""
    ordered = sorted(passages, key=lambda passage: passage.metadata.get("start") or 0)
    first = ordered[0]
    text = " ".join(passage.text.strip() for passage in ordered)
    return ReviewText(review_id, first.title, text, first.metadata.get("rating"), first.updated_at)
