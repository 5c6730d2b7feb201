"""Looks up what a shopper bought before and, for an open question, what goes with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from retrievers.catalogue import DocumentType
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.ranking.forecast import Companion, Familiar, bought_last, companions, purchased
from retrievers.records import Evidence, Intent, ItemFacts, ShopperFeatures


class Documents(Protocol):
    """The part of an index that is needed here."""

    def fetch(self, ids: Sequence[str]) -> list[Evidence]: ...


@dataclass(frozen=True, slots=True)
class Recalled:
    """`facts` are those read on the way, of products the shopper bought."""

    familiar: Familiar = field(default_factory=Familiar)
    facts: Mapping[str, ItemFacts] = field(default_factory=dict)

    @property
    def product_ids(self) -> tuple[str, ...]:
        return tuple(self.familiar.products)


async def recall(
    features: ShopperFeatures, intent: Intent, index: Documents, items: FeatureSource, now: datetime
) -> Recalled:
    """A search needs the last purchase only, "what should I buy?" needs them all. Raises IndexUnavailable."""
    last = bought_last(features)
    bought = [*(purchased(features) if intent == "open" else ()), *([last] if last else ())]
    if not bought:
        return Recalled()
    facts = await _facts(bought, items, now) if intent == "open" else {}
    company: dict[str, Companion] = companions(facts.values())
    found = await asyncio.to_thread(_fetch, index, dict.fromkeys([*bought, *company]))
    return Recalled(Familiar(found, company), facts)


async def _facts(product_ids: Sequence[str], items: FeatureSource, now: datetime) -> Mapping[str, ItemFacts]:
    """Empty when the shelf cannot be read: nothing can be forecast then, and the turn says why elsewhere."""
    try:
        return await items.items(product_ids, now)
    except FeaturesUnavailable:
        return {}


def _fetch(index: Documents, product_ids: Iterable[str]) -> dict[str, Evidence]:
    found = index.fetch([f"{DocumentType.PRODUCT}/{product_id}" for product_id in product_ids])
    return {str(product.metadata["product_id"]): product for product in found}
