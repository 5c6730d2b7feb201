"""The Feast-aware retriever: parses and embeds while the shopper's features are in flight, then filters by them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from retrievers.embedding.protocol import Embedder, SparseEncoder
from retrievers.familiar import recall
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Index, IndexUnavailable, Manifest
from retrievers.plan import Taste, own_taste
from retrievers.ranking import Asked, Pool, open_pool, searched, select
from retrievers.ranking.candidates import Candidate
from retrievers.ranking.forecast import Familiar
from retrievers.reading import Vocabulary, read_request
from retrievers.records import Clock, Degradation, Evidence, FilterPlan, ItemFacts, Reading, ShopperFeatures
from retrievers.search import Encoded, Found, Request, Search
from retrievers.shopper_read import ShopperRead
from retrievers.titles import Titles


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What the index and the shelf had to say. `plan` is the one the search ran with."""

    reading: Reading
    plan: FilterPlan
    pool: Pool
    texts: tuple[Evidence, ...] = ()
    reviews: tuple[Evidence, ...] = ()
    degraded: tuple[Degradation, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    generation: str | None = None
    currency: str = "USD"
    fields: frozenset[str] | None = None  # what the catalogue's products state, if the index says
    near: tuple[Candidate, ...] = ()  # what a search with fewer limits brings, when nothing keeps them all


class Retriever:
    """Built once; `retrieve` is safe to call concurrently."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        sparse: SparseEncoder,
        items: FeatureSource,
        clock: Clock,
        *,
        feature_deadline_s: float = 0.05,
        taste: Taste = own_taste,
    ) -> None:
        self._index = index
        self._search = Search(index, embedder, sparse)
        self._items = items
        self._clock = clock
        self._deadline = feature_deadline_s
        self._taste = taste
        self._read_for: tuple[str, Vocabulary] | None = None

    def read(self, question: str) -> Reading:
        """The request as this catalogue understands it; without an index only limits and intents are read. Blocking."""
        return read_request(question, self.vocabulary())

    def vocabulary(self) -> Vocabulary:
        """What the catalogue calls things, empty without an index. Blocking."""
        try:
            return self._vocabulary(self._index.manifest())
        except IndexUnavailable:
            return Vocabulary()

    def titles(self, text: str) -> Titles:
        """The names among which a message's own may be. Blocking; raises IndexUnavailable."""
        return Titles(self._search.titled(text))

    async def retrieve(self, reading: Reading, shopper: ShopperRead, k: int) -> Retrieval:
        """Searches with the shopper's limits if they arrive by the deadline. Raises IndexUnavailable."""
        timings: dict[str, float] = {}
        shopper.start()
        with _timed(timings, "embed"):
            manifest, encoded = await asyncio.to_thread(self._encode, reading)
        with _timed(timings, "await_features"):
            features = await self._features_in_time(shopper)
        taste = self._taste(reading, features or {})
        request = Request(reading, features, encoded, manifest, k)
        with _timed(timings, "search"):
            found = await asyncio.to_thread(self._search.find, request)
        with _timed(timings, "purchases"):
            hits = None if found.reading.intent == "open" else _product_ids(found)
            familiar = await recall(taste, hits, self._index, self._items, self._clock())
        with _timed(timings, "items"):
            facts, degraded = await self._facts(found, familiar)
        retrieval = Retrieval(
            reading=found.reading,
            plan=found.plan,
            pool=replace(_pool(found, facts, familiar, taste), heads=frozenset(encoded.heads)),
            texts=found.texts,
            degraded=degraded,
            timings_ms=timings,
            generation=manifest.generation,
            currency=manifest.currency,
            fields=request.fields,
            near=searched([hit.evidence for hit in found.near], facts),
        )
        with _timed(timings, "reviews"):
            reviews = await asyncio.to_thread(self._reviews, retrieval, taste, encoded, k)
        return replace(retrieval, reviews=reviews)

    def ranked(self, question: str, depth: int) -> list[Candidate]:
        """The products a stranger's question brings, best first, before they become cards; what `eval` measures.

        The first are those every turn chooses among, the others would come after them. Blocking; without live facts,
        and with variants apart. Raises IndexUnavailable.
        """
        reading = self.read(question)
        manifest, encoded = self._encode(reading)
        found = self._search.find(Request(reading, {}, encoded, manifest, k=1, pool=depth))
        asked = Asked.of(found.reading)
        candidates = searched([hit.evidence for hit in found.hits], None)
        return sorted(candidates, key=lambda one: (-one.base - asked.fit(one), one.product_id))[:depth]

    def _vocabulary(self, manifest: Manifest) -> Vocabulary:
        if self._read_for is None or self._read_for[0] != manifest.generation:
            self._read_for = (
                manifest.generation,
                Vocabulary.of(manifest.vocabulary, manifest.currency, manifest.attributes, manifest.related),
            )
        return self._read_for[1]

    def _encode(self, reading: Reading) -> tuple[Manifest, Encoded]:
        manifest = self._search.manifest()
        return manifest, self._search.encode(reading, manifest)

    async def _features_in_time(self, shopper: ShopperRead) -> ShopperFeatures | None:
        try:
            return await shopper.within(self._deadline)
        except FeaturesUnavailable:
            return None

    async def _facts(
        self, found: Found, familiar: Familiar
    ) -> tuple[dict[str, ItemFacts] | None, tuple[Degradation, ...]]:
        """One batched read for every candidate not read yet; None when the shelf cannot be read."""
        wanted = dict.fromkeys([*_product_ids(found), *familiar.companions])
        ids = [product_id for product_id in wanted if product_id not in familiar.facts]
        if not ids:
            return dict(familiar.facts), ()
        try:
            facts = await self._items.items(ids, self._clock(), orders=found.reading.intent == "open")
            return {**familiar.facts, **facts}, ()
        except FeaturesUnavailable as error:
            return None, (Degradation("items", "down", str(error)),)

    def _reviews(
        self, retrieval: Retrieval, features: ShopperFeatures, encoded: Encoded, k: int
    ) -> tuple[Evidence, ...]:
        """What buyers say of the products most likely to be shown."""
        chosen = select(retrieval.pool, retrieval.reading, retrieval.plan, features, k, self._clock()).products
        return self._search.reviews([ranked.candidate.product_id for ranked in chosen], encoded)


def _product_ids(found: Found) -> list[str]:
    hits = (hit for group in (found.hits, found.near, *found.without.values()) for hit in group)
    return list(dict.fromkeys(str(hit.evidence.metadata["product_id"]) for hit in hits))


def _pool(found: Found, facts: dict[str, ItemFacts] | None, familiar: Familiar, features: ShopperFeatures) -> Pool:
    hits = [hit.evidence for hit in found.hits]
    without = {name: [hit.evidence for hit in other] for name, other in found.without.items()}
    if found.reading.intent == "open":
        return open_pool(hits, without, familiar, facts, features)
    return Pool(searched(hits, facts), {name: searched(other, facts) for name, other in without.items()}, familiar)


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = round((time.perf_counter() - started) * 1000, 3)
