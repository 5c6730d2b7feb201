"""Three ways to bring what is known about a shopper and what the store knows together, over the same parts.

`features_first` reads the features, then searches with them. `naive` does both at once and lets neither know of the
other: the search runs without limits, and a fixed window of what it found is filtered afterwards. In `shared`, which is
ours, both branches share one read; the search parses and embeds meanwhile, and waits for it only up to the deadline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from retrievers.catalogue import DocumentType
from retrievers.context import ContextReader, ShopperFacts
from retrievers.embedding.protocol import Embedder
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.features.nothing import NoFeatures
from retrievers.index.protocol import Index
from retrievers.plan import make_plan
from retrievers.ranking.candidates import Candidate, within_limits
from retrievers.records import Evidence, ItemFacts, ShopperFeatures
from retrievers.retriever import Retriever
from retrievers.shopper_read import ShopperRead

WINDOW = 10  # products a turn shows, and the window the naive design filters
Design = Callable[[str, str], Awaitable[list[str]]]  # shopper and question to product ids, best first


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class DelayedFeatures:
    """Implements `FeatureSource`: the shopper's features after exactly `delay_s`, the shelf's at once."""

    shoppers: Mapping[str, ShopperFeatures]
    prices: Mapping[str, float]
    delay_s: float = 0.0

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        await asyncio.sleep(self.delay_s)
        return self.shoppers[user_id]

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        return {key: ItemFacts(key, price=self.prices[key]) for key in product_ids if key in self.prices}


class NoDefaults:
    """Implements `FeatureDefaults`; nobody is unknown here."""

    def for_shopper(self, user_id: str) -> tuple[ShopperFeatures, Literal["shipped"]]:
        return {}, "shipped"


def designs(index: Index, embedder: Embedder, features: DelayedFeatures) -> dict[str, Design]:
    retriever = Retriever(index, embedder, Bm25Encoder(), features, now)
    reader = ContextReader(retriever, features, NoDefaults(), dict, now)

    async def features_first(user: str, question: str) -> list[str]:
        shopper, reading = reader.shopper(user), await reader.read(question)
        facts = await reader.fetch(user, shopper)
        return _shown(
            (await reader.join(user, facts, await reader.retrieve(reading, shopper, WINDOW), WINDOW)).evidence
        )

    async def naive(user: str, question: str) -> list[str]:
        reading, nobody = await reader.read(question), ShopperRead(NoFeatures(), "", now)
        facts, found = await asyncio.gather(
            reader.fetch(user, reader.shopper(user)), reader.retrieve(reading, nobody, WINDOW)
        )
        window = (await reader.join("", ShopperFacts({}, readable=True), found, WINDOW)).evidence
        limits = make_plan(reading, facts.features).honoured
        return _shown([one for one in window if within_limits(Candidate(one, one.score, None), limits)])

    async def shared(user: str, question: str) -> list[str]:
        return _shown((await reader.everything_known(user, question, WINDOW)).evidence)

    return {"features_first": features_first, "naive": naive, "shared": shared}


def _shown(evidence: Sequence[Evidence]) -> list[str]:
    return [str(one.metadata["product_id"]) for one in evidence if one.type is DocumentType.PRODUCT]
