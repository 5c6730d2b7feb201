"""Looks up what a shopper bought before and, for an open question, what goes with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from retrievers.catalogue import DocumentType
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.ranking.forecast import Familiar, bought_last, companions, purchased
from retrievers.records import Evidence, ItemFacts, ShopperFeatures


class Documents(Protocol):
    """The part of an index that is needed here."""

    def fetch(self, ids: Sequence[str]) -> list[Evidence]: ...


async def recall(
    features: ShopperFeatures,
    found: Iterable[str] | None,
    index: Documents,
    items: FeatureSource,
    now: datetime,
) -> Familiar:
    """Of what a search has `found`, by product id, what was bought before; with None, as for an open question, all of
    it and what goes with it. The last purchase in any case. Raises IndexUnavailable.
    """
    last, mine = bought_last(features), purchased(features)
    bought = dict.fromkeys([*(mine if found is None else set(mine).intersection(found)), *([last] if last else [])])
    if not bought:
        return Familiar()
    facts = await _facts(list(bought), items, now)
    company = companions(facts.values()) if found is None else {}
    wanted = [*bought, *company] if found is None else [last] if last else []
    return Familiar(await asyncio.to_thread(_fetch, index, wanted), company, facts)


async def _facts(product_ids: Sequence[str], items: FeatureSource, now: datetime) -> Mapping[str, ItemFacts]:
    """Empty when the shelf cannot be read: nothing can be forecast then, and the turn says why elsewhere."""
    try:
        return await items.items(product_ids, now, orders=True)
    except FeaturesUnavailable:
        return {}


def _fetch(index: Documents, product_ids: Iterable[str]) -> dict[str, Evidence]:
    found = index.fetch([f"{DocumentType.PRODUCT}/{product_id}" for product_id in product_ids])
    return {str(product.metadata["product_id"]): product for product in found}
