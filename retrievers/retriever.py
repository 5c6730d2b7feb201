"""The Feast-aware retriever: parses and embeds while the shopper's features are in flight, then filters by them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from retrievers.catalogue import DocumentType
from retrievers.embedding.protocol import Embedder, SparseEncoder
from retrievers.familiar import Recalled, recall
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Hit, Index, IndexMismatch, IndexUnavailable, Manifest, Query, SparseVector, Vector
from retrievers.plan import make_plan, relax, without_feature
from retrievers.ranking import Pool, open_pool, select
from retrievers.ranking.candidates import searched
from retrievers.ranking.fit import Asked
from retrievers.ranking.forecast import Familiar
from retrievers.reading import Vocabulary, read_request
from retrievers.records import Clock, Degradation, Evidence, FilterItem, FilterPlan, ItemFacts, Reading, ShopperFeatures
from retrievers.shopper_read import ShopperRead

POOL = 60  # candidates fetched per search; ranking chooses among them
_PER_TYPE = 3
_REVIEWS_PER_PRODUCT = 2
_TEXTS = (DocumentType.FAQ, DocumentType.POLICY, DocumentType.TECHNICAL)


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


Vectors = tuple[Vector, SparseVector]


@dataclass(frozen=True, slots=True)
class _Request:
    reading: Reading
    features: ShopperFeatures | None
    vectors: Vectors
    manifest: Manifest
    k: int


@dataclass(frozen=True, slots=True)
class _Found:
    """`without` holds what a search without one feature's condition would have brought."""

    reading: Reading
    plan: FilterPlan
    texts: tuple[Evidence, ...] = ()
    hits: tuple[Hit, ...] = ()
    without: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)


class FeastAwareRetriever:
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
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._sparse = sparse
        self._items = items
        self._clock = clock
        self._deadline = feature_deadline_s
        self._read_for: tuple[str, Vocabulary] | None = None

    def read(self, question: str) -> Reading:
        """The request as this catalogue understands it; without an index only limits and intents are read. Blocking."""
        try:
            vocabulary = self._vocabulary(self._index.manifest())
        except IndexUnavailable:
            vocabulary = Vocabulary()
        return read_request(question, vocabulary)

    async def retrieve(self, reading: Reading, shopper: ShopperRead, k: int) -> Retrieval:
        """Searches with the shopper's limits if they arrive by the deadline. Raises IndexUnavailable."""
        timings: dict[str, float] = {}
        shopper.start()
        with _timed(timings, "embed"):
            vectors = await asyncio.to_thread(self._encode, reading)
        with _timed(timings, "await_features"):
            features = await self._features_in_time(shopper)
        manifest = await asyncio.to_thread(self._checked_manifest)
        with _timed(timings, "search"):
            found = await asyncio.to_thread(self._find, _Request(reading, features, vectors, manifest, k))
        with _timed(timings, "purchases"):
            recalled = await recall(features or {}, found.reading.intent, self._index, self._items, self._clock())
        with _timed(timings, "items"):
            facts, degraded = await self._facts(found, recalled)
        retrieval = Retrieval(
            reading=found.reading,
            plan=found.plan,
            pool=_pool(found, facts, recalled.familiar, features or {}),
            texts=found.texts,
            degraded=degraded,
            timings_ms=timings,
            generation=manifest.generation,
            currency=manifest.currency,
        )
        with _timed(timings, "reviews"):
            reviews = await asyncio.to_thread(self._reviews, retrieval, features or {}, vectors, k)
        return replace(retrieval, reviews=reviews)

    def _vocabulary(self, manifest: Manifest) -> Vocabulary:
        if self._read_for is None or self._read_for[0] != manifest.generation:
            self._read_for = (manifest.generation, Vocabulary.of(manifest.vocabulary, manifest.currency))
        return self._read_for[1]

    def _checked_manifest(self) -> Manifest:
        manifest = self._index.manifest()
        if manifest.embedder != self._embedder.name:
            raise IndexMismatch(
                f"the index was built with {manifest.embedder}, this process embeds with {self._embedder.name}: reindex"
            )
        return manifest

    def _encode(self, reading: Reading) -> Vectors:
        text = reading.terms or reading.question
        return self._embedder.query(_readable(text)), self._sparse.query(text)

    async def _features_in_time(self, shopper: ShopperRead) -> ShopperFeatures | None:
        try:
            return await shopper.within(self._deadline)
        except FeaturesUnavailable:
            return None

    def _find(self, request: _Request) -> _Found:
        """Decides between help pages and products by what there is, where the words alone do not say."""
        reading, texts = request.reading, self._texts(request)
        if reading.intent == "policy" and texts:
            return _Found(reading, FilterPlan(), texts)
        if reading.intent == "policy":
            reading = replace(reading, intent="product")
        found = self._products(replace(request, reading=reading))
        if _answered_by(texts, found.hits, reading):
            return _Found(replace(reading, intent="policy"), FilterPlan(), texts)
        return replace(found, texts=texts)

    def _products(self, request: _Request) -> _Found:
        """Relaxes behavioural conditions until k products are left, then looks beside each personal condition."""
        reading, plan = request.reading, make_plan(request.reading, request.features)
        if reading.intent == "compare":
            return _Found(reading, plan, hits=tuple(self._named(reading, plan)))
        (hits,) = self._relevant(request, [plan])
        while len(hits) < request.k and (relaxed := relax(plan)) is not None:
            plan = relaxed
            (hits,) = self._relevant(request, [plan])
        features = sorted({item.feature for item in plan.honoured if item.feature})
        beside = self._relevant(request, [without_feature(plan, feature) for feature in features])
        return _Found(reading, plan, hits=hits, without=dict(zip(features, beside, strict=True)))

    def _relevant(self, request: _Request, plans: Sequence[FilterPlan]) -> list[tuple[Hit, ...]]:
        """One search a plan; what neither shares a word with the request nor is like it is left out."""
        if not plans:
            return []
        asked = Asked.of(request.reading)
        strangers = request.manifest.strangers.get(DocumentType.PRODUCT, 0.0)
        found = self._index.search([_query(request.reading, plan, request.vectors) for plan in plans])
        return [tuple(hit for hit in hits if _relevant(hit, asked, strangers)) for hits in found]

    def _named(self, reading: Reading, plan: FilterPlan) -> list[Hit]:
        """The best product for each name to be compared, in the order they were named."""
        stated = tuple(item for item in plan.honoured if item.origin != "policy")
        queries = [
            Query(DocumentType.PRODUCT, 3, self._embedder.query(name), self._sparse.query(name), stated)
            for name in reading.named
        ]
        chosen: dict[str, Hit] = {}
        for hits in self._index.search(queries):
            fresh = next((hit for hit in hits if hit.evidence.id not in chosen), None)
            if fresh is not None:
                score = 1.0 - 0.01 * len(chosen)
                chosen[fresh.evidence.id] = replace(fresh, evidence=replace(fresh.evidence, score=score))
        return list(chosen.values())

    def _texts(self, request: _Request) -> tuple[Evidence, ...]:
        """Answers, policies and manuals above their collection's floor, best first."""
        if request.reading.intent in ("open", "compare"):
            return ()
        manifest = request.manifest
        queries = [Query(kind, _PER_TYPE, *request.vectors) for kind in _TEXTS if manifest.counts.get(kind)]
        groups = self._index.search(queries) if queries else []
        hits = [hit for group in groups for hit in group if _over_floor(hit, manifest)]
        hits.sort(key=lambda hit: -(hit.cosine or 0.0))
        return tuple(replace(hit.evidence, score=hit.cosine or 0.0) for hit in hits)

    async def _facts(
        self, found: _Found, recalled: Recalled
    ) -> tuple[dict[str, ItemFacts] | None, tuple[Degradation, ...]]:
        """One batched read for every candidate not read yet; None when the shelf cannot be read."""
        hits = (hit for group in (found.hits, *found.without.values()) for hit in group)
        wanted = dict.fromkeys([*(str(hit.evidence.metadata["product_id"]) for hit in hits), *recalled.product_ids])
        ids = [product_id for product_id in wanted if product_id not in recalled.facts]
        if not ids:
            return dict(recalled.facts), ()
        try:
            return {**recalled.facts, **await self._items.items(ids, self._clock())}, ()
        except FeaturesUnavailable as error:
            return None, (Degradation("items", "down", str(error)),)

    def _reviews(
        self, retrieval: Retrieval, features: ShopperFeatures, vectors: Vectors, k: int
    ) -> tuple[Evidence, ...]:
        """What buyers say of the products most likely to be shown."""
        chosen = select(retrieval.pool, retrieval.reading, retrieval.plan, features, k, self._clock()).products
        queries = [_review_query(ranked.candidate.product_id, vectors) for ranked in chosen]
        groups = self._index.search(queries) if queries else []
        return tuple(replace(hit.evidence, score=hit.cosine or 0.0) for group in groups for hit in group)


def _query(reading: Reading, plan: FilterPlan, vectors: Vectors) -> Query:
    """Open questions browse by popularity: there is nothing in them to search for."""
    if reading.intent == "open":
        return Query(DocumentType.PRODUCT, POOL, filters=plan.honoured)
    return Query(
        DocumentType.PRODUCT, POOL, *vectors, filters=plan.honoured, heads=(reading.head,) if reading.head else ()
    )


def _review_query(product_id: str, vectors: Vectors) -> Query:
    about = FilterItem("product_id", "eq", product_id, "policy", "reviews of the products shown")
    return Query(DocumentType.REVIEW, _REVIEWS_PER_PRODUCT, *vectors, filters=(about,))


def _pool(found: _Found, facts: dict[str, ItemFacts] | None, familiar: Familiar, features: ShopperFeatures) -> Pool:
    hits = [hit.evidence for hit in found.hits]
    without = {name: [hit.evidence for hit in other] for name, other in found.without.items()}
    if found.reading.intent == "open":
        return open_pool(hits, without, familiar, facts, features)
    return Pool(searched(hits, facts), {name: searched(other, facts) for name, other in without.items()}, familiar)


def _readable(text: str) -> str:
    """What an English embedder can read: Korean words only when there are no others."""
    english = " ".join(word for word in text.split() if not any("가" <= letter <= "힣" for letter in word))
    return english or text


def _relevant(hit: Hit, asked: Asked, strangers: float) -> bool:
    """Named by the request, or more alike than unrelated texts ever are; browsing asks for nothing."""
    return hit.cosine is None or hit.cosine >= strangers or asked.mentioned_by(hit.evidence)


def _answered_by(texts: Sequence[Evidence], hits: Sequence[Hit], reading: Reading) -> bool:
    """Whether "how do I ..." is about something the help pages know better than any product does."""
    best = max((hit.cosine or 0.0 for hit in hits), default=0.0)
    return reading.intent == "product" and reading.asks_how and bool(texts) and texts[0].score > best


def _over_floor(hit: Hit, manifest: Manifest) -> bool:
    return hit.cosine is None or hit.cosine >= manifest.floors.get(hit.evidence.type, -1.0)


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = round((time.perf_counter() - started) * 1000, 3)
