"""Everything known for this shopper and this question: two branches that share one read, and the join after them.

Each branch catches its own failures and returns a degraded result; the join works with either or both missing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, TypeVar

from retrievers.catalogue import DocumentType
from retrievers.features.protocol import FeatureDefaults, FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import IndexMismatch, IndexUnavailable
from retrievers.nearest import nearest
from retrievers.plan import Taste, make_plan, own_taste, relax
from retrievers.ranking import Pool, Selection, select
from retrievers.ranking.candidates import Candidate, browsed
from retrievers.reading import Vocabulary, read_request
from retrievers.records import (
    Clock,
    Degradation,
    Evidence,
    FeatureValue,
    FilterPlan,
    ItemFacts,
    NearMiss,
    Reading,
    ShopperFeatures,
    UnifiedContext,
)
from retrievers.retriever import Retrieval, Retriever
from retrievers.shopper_read import Change, ShopperRead, as_stored
from retrievers.titles import Titles

Snapshot = Callable[[], Mapping[DocumentType, Sequence[Evidence]]]
Level = Literal["segment", "population", "shipped"]
_Read = TypeVar("_Read")
_SNAPSHOT_TEXTS = 6


@dataclass(frozen=True, slots=True)
class ShopperFacts:
    """The features branch's result. `level` says whose averages stand in when they are defaults."""

    features: ShopperFeatures
    readable: bool
    level: Level | None = None
    degraded: tuple[Degradation, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)


class ContextReader:
    """Built once with its parts; one `ShopperRead` per turn is shared by the branches."""

    def __init__(
        self,
        retriever: Retriever,
        features: FeatureSource,
        defaults: FeatureDefaults,
        snapshot: Snapshot,
        clock: Clock,
        *,
        timeout_s: float = 2.0,
        taste: Taste = own_taste,
    ) -> None:
        self._retriever = retriever
        self._features = features
        self._defaults = defaults
        self._snapshot = snapshot
        self._clock = clock
        self._timeout = timeout_s
        self._taste = taste

    async def everything_known(self, user_id: str, question: str, k: int = 5) -> UnifiedContext:
        """The one call: reads, retrieves and joins."""
        return await self.known_for(user_id, await self.read(question), k)

    async def known_for(self, user_id: str, reading: Reading, k: int = 5) -> UnifiedContext:
        """The same for a request that was read before."""
        shopper = self.shopper(user_id)
        facts, retrieval = await asyncio.gather(self.fetch(user_id, shopper), self.retrieve(reading, shopper, k))
        return await self.join(user_id, facts, retrieval, k)

    def shopper(self, user_id: str, change: Change = as_stored) -> ShopperRead:
        return ShopperRead(self._features, user_id, self._clock, change)

    async def read(self, question: str) -> Reading:
        """A question on its own, read with the catalogue's own names if there are any. Never raises."""
        return read_request(question, await self.vocabulary())

    async def vocabulary(self) -> Vocabulary:
        """What the catalogue calls things; empty where the index does not say in time. Never raises."""
        return await self._from_index(self._retriever.vocabulary, Vocabulary())

    async def titles(self, text: str) -> Titles:
        """The names of products a message may use; none where the index does not say in time. Never raises."""
        return await self._from_index(partial(self._retriever.titles, text), Titles())

    async def fetch(self, user_id: str, shopper: ShopperRead) -> ShopperFacts:
        """The features branch: the shopper's own values, else defaults marked as such. Never raises."""
        try:
            features = await shopper.within(self._timeout)
        except FeaturesUnavailable as error:
            return self._fallback(user_id, Degradation("features", "down", str(error)))
        if features is None:
            return self._fallback(user_id, Degradation("features", "slow", f"no answer within {self._timeout:g} s"))
        timings = {"features": round(shopper.took_ms or 0.0, 3)}
        if any(value.status != "missing" for value in features.values()):
            return ShopperFacts(features, readable=True, timings_ms=timings)
        values, level = self._defaults.for_shopper(user_id)
        return ShopperFacts({**features, **values}, readable=True, level=level, timings_ms=timings)

    async def retrieve(self, reading: Reading, shopper: ShopperRead, k: int) -> Retrieval:
        """The retrieval branch: the index, else popular documents. Never raises."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._timeout):
                found = await self._retriever.retrieve(reading, shopper, k)
        except IndexMismatch as error:
            return await self._popular(reading, Degradation("index", "mismatch", str(error)))
        except IndexUnavailable as error:
            return await self._popular(reading, Degradation("index", "down", str(error)))
        except TimeoutError:
            return await self._popular(reading, Degradation("index", "slow", f"no answer within {self._timeout:g} s"))
        except Exception as error:  # a branch must never take the turn down with it
            return await self._popular(reading, Degradation("index", "error", f"{type(error).__name__}: {error}"))
        took = round((time.perf_counter() - started) * 1000, 3)
        return replace(found, timings_ms={**found.timings_ms, "retrieve": took})

    async def join(self, user_id: str, facts: ShopperFacts, retrieval: Retrieval, k: int) -> UnifiedContext:
        """Merges both branches. Features that came after the search re-check what it found.

        The search may have read the request better than its words alone could be.
        """
        reading = retrieval.reading
        usable: ShopperFeatures | None = facts.features if facts.readable else None
        plan = retrieval.plan if _searched_with(usable, retrieval) else make_plan(reading, usable, retrieval.fields)
        plan, selection = self._choose(retrieval.pool, reading, plan, self._taste(reading, facts.features), k)
        shown = {ranked.candidate.product_id: ranked for ranked in selection.products}
        near = () if shown else nearest((*retrieval.near, *retrieval.pool.candidates), reading, plan)
        reviews = tuple(review for review in retrieval.reviews if str(review.metadata.get("product_id")) in shown)
        products = tuple(replace(r.candidate.evidence, score=round(r.score, 4)) for r in selection.products)
        texts_first = reading.intent == "policy"
        evidence = retrieval.texts + products + reviews if texts_first else products + reviews + retrieval.texts
        return UnifiedContext(
            user_id=user_id,
            features=_mark_used(facts.features, selection),
            evidence=evidence,
            plan=plan,
            timings_ms={**facts.timings_ms, **retrieval.timings_ms},
            degraded=facts.degraded + retrieval.degraded,
            reading=reading,
            items=_items([*(ranked.candidate for ranked in selection.products), *_offered(near, retrieval)]),
            nearest=near,
            reasons=selection.reasons,
            notices=_notices(facts, retrieval, reading, products, near),
            index_generation=retrieval.generation,
            currency=retrieval.currency,
            defaults_level=facts.level,
        )

    async def _from_index(self, read: Callable[[], _Read], otherwise: _Read) -> _Read:
        try:
            async with asyncio.timeout(self._timeout):
                return await asyncio.to_thread(read)
        except Exception:  # the retrieval branch meets the same failure and reports it
            return otherwise

    def _choose(
        self, pool: Pool, reading: Reading, plan: FilterPlan, features: ShopperFeatures, k: int
    ) -> tuple[FilterPlan, Selection]:
        """The products to show, giving up behavioural conditions that leave too few."""
        while True:
            selection = select(pool, reading, plan, features, k, self._clock())
            relaxed = relax(plan) if len(selection.products) < k else None
            if relaxed is None:
                return plan, selection
            plan = relaxed

    def _fallback(self, user_id: str, degradation: Degradation) -> ShopperFacts:
        values, level = self._defaults.for_shopper(user_id)
        return ShopperFacts(values, readable=False, level=level, degraded=(degradation,))

    async def _popular(self, reading: Reading, degradation: Degradation) -> Retrieval:
        """The snapshot written at ingestion, with live facts if the shelf can still be read."""
        try:
            snapshot = self._snapshot()
        except (OSError, ValueError) as error:
            detail = f"{degradation.detail}; no snapshot either: {error}"
            return Retrieval(
                reading, make_plan(reading, None), Pool(()), degraded=(replace(degradation, detail=detail),)
            )
        products = list(snapshot.get(DocumentType.PRODUCT, ()))
        degraded, facts = [degradation], None
        try:
            async with asyncio.timeout(self._timeout):
                ids = [str(product.metadata["product_id"]) for product in products]
                facts = dict(await self._features.items(ids, self._clock()))
        except (FeaturesUnavailable, TimeoutError) as error:
            degraded.append(Degradation("items", "down", str(error) or "no answer in time"))
        texts = [text for kind in (DocumentType.FAQ, DocumentType.POLICY) for text in snapshot.get(kind, ())]
        asked = tuple(texts[:_SNAPSHOT_TEXTS]) if reading.intent == "policy" else ()
        shown = products if reading.intent != "policy" else []
        return Retrieval(
            reading, make_plan(reading, None), Pool(browsed(shown, facts)), asked, degraded=tuple(degraded)
        )


def _searched_with(features: ShopperFeatures | None, retrieval: Retrieval) -> bool:
    """Whether the search knew as much about the shopper as is known now."""
    unreadable = any(item.reason == "unreadable" for item in retrieval.plan.dropped)
    return unreadable == (features is None)


def _offered(near: Sequence[NearMiss], retrieval: Retrieval) -> list[Candidate]:
    offered = {miss.evidence.id for miss in near}
    candidates = {one.evidence.id: one for one in (*retrieval.near, *retrieval.pool.candidates)}
    return [one for key, one in candidates.items() if key in offered]


def _items(candidates: Sequence[Candidate]) -> dict[str, ItemFacts]:
    return {one.product_id: one.facts or ItemFacts(one.product_id) for one in candidates}


def _mark_used(features: ShopperFeatures, selection: Selection) -> dict[str, FeatureValue]:
    return {name: replace(value, used=name in selection.used) for name, value in features.items()}


def _notices(
    facts: ShopperFacts,
    retrieval: Retrieval,
    reading: Reading,
    products: Sequence[Evidence],
    near: Sequence[NearMiss],
) -> tuple[str, ...]:
    """Keys of the language files, most important first."""
    features_down = any(item.part == "features" for item in facts.degraded)
    index_down = any(item.part == "index" for item in retrieval.degraded)
    notices = []
    if features_down and index_down:
        notices.append("both_down")
    elif features_down or index_down:
        notices.append("features_down" if features_down else "index_down")
    if features_down and reading.intent not in ("policy", "courtesy"):
        notices.append("limits_unreadable")
    if not features_down and facts.level is not None and reading.intent == "open":
        notices.append("defaults_used")
    if reading.foreign:
        notices.append("other_currency")
    if not products and reading.intent in ("product", "open", "compare"):
        notices.append("limits_unmet" if near else "no_match")
    return tuple(notices)
