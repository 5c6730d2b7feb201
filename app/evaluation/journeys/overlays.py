"""The shop's parts as one world has them: read through, changed and broken there, untouched themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.evaluation.journeys.journey import Fault, OnTheShelf
from retrievers.features.descriptions import EVENT_TIMESTAMP, FeatureDescription, retail_descriptions
from retrievers.features.judging import judged
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Hit, Index, IndexUnavailable, Manifest, Query
from retrievers.records import Evidence, ItemFacts, ShopperFeatures

_USER = "user_id"


@dataclass(slots=True)
class State:
    """What differs from the shop, shared by the parts of one world."""

    down: frozenset[Fault] = frozenset()
    shelf: dict[str, OnTheShelf] = field(default_factory=dict)
    rows: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)  # by shopper and view


class WorldFeatures:
    """A `FeatureSource` and `FeatureWriter`; rows written are judged like any others and forgotten with the world."""

    def __init__(self, source: FeatureSource, state: State) -> None:
        self._source, self._state = source, state
        self._descriptions: Mapping[str, FeatureDescription] = retail_descriptions()

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        if "features" in self._state.down:
            raise FeaturesUnavailable("features are down in this journey")
        known = dict(await self._source.shopper(user_id, now))
        for name, description in self._descriptions.items():
            row = self._state.rows.get((user_id, description.view))
            if row is not None:
                value = row.get(name.partition(":")[2])
                known[name] = judged(description, value, row[EVENT_TIMESTAMP].timestamp(), now)
        return known

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        if self._state.down & {"features", "items"}:
            raise FeaturesUnavailable("item features are down in this journey")
        facts = await self._source.items(product_ids, now, orders=orders)
        return {product_id: self._on_the_shelf(known) for product_id, known in facts.items()}

    async def write(self, view: str, row: Mapping[str, Any]) -> None:
        if "features" in self._state.down:
            raise FeaturesUnavailable("features are down in this journey")
        self._state.rows[str(row[_USER]), view] = dict(row)

    def _on_the_shelf(self, facts: ItemFacts) -> ItemFacts:
        changed = self._state.shelf.get(facts.product_id)
        return replace(facts, **changed.model_dump(exclude_unset=True)) if changed else facts


class WorldIndex:
    """An `Index` that can be down."""

    def __init__(self, index: Index, state: State) -> None:
        self._index, self._state = index, state

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return self._up().search(queries)

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        return self._up().fetch(ids)

    def manifest(self) -> Manifest:
        return self._up().manifest()

    def close(self) -> None:
        """The index belongs to all worlds."""

    def _up(self) -> Index:
        if "index" in self._state.down:
            raise IndexUnavailable("the index is down in this journey")
        return self._index
