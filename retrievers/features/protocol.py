"""Where facts about the shopper and the shelf come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from retrievers.records import ItemFacts, ShopperFeatures

FeatureKind = Literal["feast", "redis-hashes"]  # what a shop keeps its features in


class FeaturesUnavailable(Exception):
    """The feature store cannot be read."""


class FeatureSource(Protocol):
    """Reads with ages judged at `now`. Safe to call from the event loop: blocking work is done on a thread."""

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        """Every feature of the turn's service, keyed `view:feature`; unknown ones have status `missing`.

        Raises FeaturesUnavailable.
        """
        ...

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        """One batched read; products without a row are left out. Raises FeaturesUnavailable.

        `orders`: also what orders say of them (their share, trend, repurchases, company), which costs as much again.
        """
        ...


class FeatureDefaults(Protocol):
    """What to assume when the store is down or the shopper is unknown. Kept apart from the online store."""

    def for_shopper(self, user_id: str) -> tuple[ShopperFeatures, Literal["segment", "population", "shipped"]]:
        """Status `default`; the shopper's segment, else all shoppers, else the shipped values."""
        ...
