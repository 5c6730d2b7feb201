"""One request against the index: products within the plan's conditions, help pages, reviews. Blocking throughout."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from retrievers.catalogue import DocumentType
from retrievers.embedding.protocol import Embedder, SparseEncoder
from retrievers.embedding.tokens import stem
from retrievers.index.protocol import Hit, Index, IndexMismatch, Manifest, Query, SparseVector, Vector
from retrievers.kinds import bounded, of_kind
from retrievers.nearest import looser
from retrievers.plan import make_plan, relax, without_feature
from retrievers.ranking.candidates import family_of
from retrievers.ranking.fit import Asked
from retrievers.reading.language import patterns
from retrievers.records import Evidence, FilterItem, FilterPlan, Reading, ShopperFeatures
from retrievers.unheard import Thing

POOL = 60  # products a search brings; ranking chooses among them
_PER_TYPE = 3
_REVIEWS_PER_PRODUCT = 2
_TEXTS = (DocumentType.FAQ, DocumentType.POLICY, DocumentType.TECHNICAL)
_RELEVANT_COVERAGE = 0.5
_TITLED = 20  # products a name is looked for among
_MOST_NAMES = 6  # in one message
_NAMESAKES = 4  # variants and bundles of one model
_CLEARLY = 0.2  # in cosines, from the nearest product to a help page
_NAMES_KEPT = 4096  # vectors of names of kinds, 1.5 kB each
_FIRST = 10.0  # an identifier said in full is worth more than any words


@dataclass(frozen=True, slots=True)
class Encoded:
    """A request as the index compares it; `rewordings` say it with the catalogue's own words for things."""

    dense: Vector
    sparse: SparseVector
    rewordings: tuple[SparseVector, ...] = ()
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """`features` is None when they could not be read in time; fewer than `k` products relax the plan."""

    reading: Reading
    features: ShopperFeatures | None
    encoded: Encoded
    manifest: Manifest
    k: int
    pool: int = POOL

    @property
    def fields(self) -> frozenset[str] | None:
        """What the catalogue's products state; None for an index that does not say."""
        fields = self.manifest.vocabulary.get("fields")
        return None if fields is None else frozenset(fields)


@dataclass(frozen=True, slots=True)
class Found:
    """`without` holds what a search without one feature's condition would have brought, `near` what fewer limits bring
    when nothing keeps them all.
    """

    reading: Reading
    plan: FilterPlan
    texts: tuple[Evidence, ...] = ()
    hits: tuple[Hit, ...] = ()
    without: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)
    near: tuple[Hit, ...] = ()


class Search:
    """Built once; safe to call from several threads. Every method raises IndexUnavailable."""

    def __init__(self, index: Index, embedder: Embedder, sparse: SparseEncoder) -> None:
        self._index = index
        self._embedder = embedder
        self._sparse = sparse
        self._name = lru_cache(maxsize=_NAMES_KEPT)(embedder.query)

    def manifest(self) -> Manifest:
        """Raises IndexMismatch when the vectors of this process mean nothing to the index."""
        manifest = self._index.manifest()
        if manifest.embedder != self._embedder.name:
            raise IndexMismatch(
                f"the index was built with {manifest.embedder}, this process embeds with {self._embedder.name}: reindex"
            )
        return manifest

    def encode(self, reading: Reading, manifest: Manifest) -> Encoded:
        """The meaning of a reworded request lies between what was said and what the catalogue calls it."""
        said = reading.terms or reading.question
        meant = reworded(reading, manifest.related)
        dense = self._embedder.query(_readable(said))
        if _asked_whole(reading):
            dense = _between(dense, self._embedder.query(reading.question))
        if meant != said:
            dense = _between(dense, self._embedder.query(_readable(meant)))
        return Encoded(
            dense=dense,
            sparse=self._sparse.query(said),
            rewordings=(self._sparse.query(meant),) if meant != said else (),
            heads=_heads(reading, manifest.related),
        )

    def find(self, request: Request) -> Found:
        """Decides between help pages and products by what there is, where the words alone do not say."""
        if request.reading.intent == "courtesy":
            return Found(request.reading, FilterPlan())
        reading, texts = request.reading, self._texts(request)
        if reading.only:
            plan = make_plan(reading, request.features, request.fields)
            return Found(reading, plan, () if reading.again else texts, self._pinned(reading.only))
        if reading.intent == "policy" and texts:
            return Found(reading, FilterPlan(), texts)
        if reading.intent == "policy":
            reading = replace(reading, intent="product")
        found = self._products(replace(request, reading=reading))
        if _answered_by(texts, found.hits, request):
            return Found(replace(reading, intent="policy"), FilterPlan(), texts)
        return replace(found, texts=texts)

    def titled(self, text: str) -> tuple[Evidence, ...]:
        """Products whose words this text holds, by the words alone; two that it sets side by side are both found."""
        pieces = dict.fromkeys((text, *_side_by_side(text)))
        groups = self._index.search(
            [Query(DocumentType.PRODUCT, _TITLED, sparse=self._sparse.query(p)) for p in pieces]
        )
        return tuple({hit.evidence.id: hit.evidence for hits in groups for hit in hits}.values())

    def reviews(self, product_ids: Sequence[str], encoded: Encoded) -> tuple[Evidence, ...]:
        """What buyers say of these products, the passages nearest to the request."""
        queries = [_review_query(product_id, encoded) for product_id in product_ids]
        groups = self._index.search(queries) if queries else []
        return tuple(replace(hit.evidence, score=hit.cosine or 0.0) for group in groups for hit in group)

    def _products(self, request: Request) -> Found:
        """Relaxes behavioural conditions until k products are left, then looks beside each personal condition."""
        reading, plan = request.reading, make_plan(request.reading, request.features, request.fields)
        if reading.named:
            return Found(reading, plan, hits=tuple(self._named(reading, plan)))
        (hits,) = self._relevant(request, [plan])
        while len(hits) < request.k and (relaxed := relax(plan)) is not None:
            plan = relaxed
            (hits,) = self._relevant(request, [plan])
        heads = request.encoded.heads if bounded(plan) or reading.without else ()
        if not of_kind(hits, heads):
            groups = self._relevant(request, looser(plan))
            near = tuple(hit for group in groups for hit in group)
            if not hits or of_kind(near, heads):
                return Found(reading, plan, near=near)
        hits = of_kind(hits, heads) or (() if reading.without else hits)  # more of something is nothing else
        features = sorted({item.feature for item in plan.honoured if item.feature})
        beside = self._relevant(request, [without_feature(plan, feature) for feature in features])
        return Found(reading, plan, hits=hits, without=dict(zip(features, beside, strict=True)))

    def _relevant(self, request: Request, plans: Sequence[FilterPlan]) -> list[tuple[Hit, ...]]:
        """One search a plan; what neither shares a word with the request nor is like it is left out."""
        if not plans:
            return []
        asked = Asked.of(request.reading)
        strangers = request.manifest.strangers.get(DocumentType.PRODUCT, 0.0)
        seen = self._families(request.reading.without)
        groups = self._index.search([_query(request, plan) for plan in plans])
        found = [[hit for hit in hits if family_of(hit.evidence) not in seen] for hits in groups]
        exact = self._identified(asked, plans, _unseen(request.reading))
        thing = None if _heads(request.reading, request.manifest.related) else Thing.of(request.reading)
        if thing is not None:
            floor = request.manifest.floors.get(DocumentType.PRODUCT, 0.0)
            found = [hits if thing.among(hits, floor, strangers, self._likeness) else [] for hits in found]
        return [
            (*first, *(hit for hit in hits if hit.evidence.id not in ids and _relevant(hit, asked, strangers)))
            for first, hits in zip(exact, found, strict=True)
            for ids in [{hit.evidence.id for hit in first}]
        ]

    def _likeness(self, one: str, other: str) -> float:
        return float(self._name(one) @ self._name(other))

    def _families(self, product_ids: Sequence[str]) -> frozenset[str]:
        """Of products shown before: another colour of one of them is no new product."""
        ids = [f"{DocumentType.PRODUCT}/{product_id}" for product_id in product_ids]
        return frozenset(family_of(product) for product in self._index.fetch(ids)) if ids else frozenset()

    def _pinned(self, product_ids: Sequence[str]) -> tuple[Hit, ...]:
        """Products the request points at, in that order; the engine is not searched and those gone are left out."""
        found = self._index.fetch([f"{DocumentType.PRODUCT}/{product_id}" for product_id in product_ids])
        return tuple(Hit(replace(evidence, score=1.0), None) for evidence in found)

    def _identified(self, asked: Asked, plans: Sequence[FilterPlan], unseen: tuple[FilterItem, ...]) -> list[list[Hit]]:
        """Products whose number (EAN, SKU, model) was said in full, before all others; what many share names none."""
        numbers = tuple(sorted(asked.identifiers))
        if not numbers:
            return [[] for _ in plans]
        said = FilterItem("identifier", "in", numbers, "stated", " ".join(numbers))
        queries = [
            Query(DocumentType.PRODUCT, _NAMESAKES + 1, filters=(*plan.honoured, *unseen, said)) for plan in plans
        ]
        return [
            [replace(hit, evidence=replace(hit.evidence, score=_FIRST), coverage=1.0) for hit in hits]
            if len(hits) <= _NAMESAKES
            else []
            for hits in self._index.search(queries)
        ]

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

    def _texts(self, request: Request) -> tuple[Evidence, ...]:
        """Answers, policies and manuals above their collection's floor, best first."""
        if request.reading.intent in ("open", "compare"):
            return ()
        counts, encoded = request.manifest.counts, request.encoded
        queries = [Query(kind, _PER_TYPE, encoded.dense, encoded.sparse) for kind in _TEXTS if counts.get(kind)]
        groups = self._index.search(queries) if queries else []
        hits = [hit for group in groups for hit in group if _over_floor(hit, request.manifest)]
        hits.sort(key=lambda hit: -(hit.cosine or 0.0))
        return tuple(replace(hit.evidence, score=hit.cosine or 0.0) for hit in hits)


def _side_by_side(text: str) -> list[str]:
    """The parts of a text that may each name a product."""
    joints = "|".join(pattern.pattern for pattern in patterns("about", "compare_split"))
    return [part for part in re.split(joints, text, flags=re.IGNORECASE) if part and part.strip()][:_MOST_NAMES]


def reworded(reading: Reading, related: Mapping[str, str]) -> str:
    """The request with the catalogue's own word for the thing asked for; the same text if it has none."""
    said = reading.terms or reading.question
    meant = related.get(_asked_for(reading) or "")
    words = said.split()
    if meant is None:
        return said
    return " ".join(meant if stem(word.casefold()) == _asked_for(reading) else word for word in words)


def _asked_for(reading: Reading) -> str | None:
    """The stem of what is asked for: "laptop" in "gaming laptop", whether or not the catalogue knows it."""
    words = reading.terms.casefold().split()
    return reading.head or (stem(words[-1]) if words else None)


def _heads(reading: Reading, related: Mapping[str, str]) -> tuple[str, ...]:
    """Stems of what is asked for, by its own name and by the catalogue's."""
    meant = related.get(_asked_for(reading) or "")
    return tuple(head for head in (reading.head, stem(meant.split()[-1]) if meant else None) if head)


def _between(one: Vector, other: Vector) -> Vector:
    middle: Vector = (one + other) / float(((one + other) ** 2).sum()) ** 0.5
    return middle


def _query(request: Request, plan: FilterPlan) -> Query:
    """Open questions browse by popularity: there is nothing in them to search for."""
    filters = (*plan.honoured, *_unseen(request.reading))
    if request.reading.intent == "open":
        return Query(DocumentType.PRODUCT, request.pool, filters=filters)
    encoded = request.encoded
    return Query(
        DocumentType.PRODUCT,
        request.pool,
        encoded.dense,
        encoded.sparse,
        filters=filters,
        heads=encoded.heads,
        rewordings=encoded.rewordings,
        depth=2 * POOL,
    )


def _unseen(reading: Reading) -> tuple[FilterItem, ...]:
    """Not among the plan's conditions: it says nothing about what the shopper wants."""
    seen = FilterItem("product_id", "not_in", reading.without, "stated", "shown before")
    return (seen,) if reading.without else ()


def _review_query(product_id: str, encoded: Encoded) -> Query:
    about = FilterItem("product_id", "eq", product_id, "policy", "reviews of the products shown")
    return Query(DocumentType.REVIEW, _REVIEWS_PER_PRODUCT, encoded.dense, encoded.sparse, filters=(about,))


def _asked_whole(reading: Reading) -> bool:
    """A question to the store means what the whole of it says as well: "what now", "how long"."""
    return reading.intent == "policy" and _readable(reading.question) == reading.question


def _readable(text: str) -> str:
    """What an English embedder can read: Korean words only when there are no others."""
    english = " ".join(word for word in text.split() if not any("가" <= letter <= "힣" for letter in word))
    return english or text


def _relevant(hit: Hit, asked: Asked, strangers: float) -> bool:
    """Holds half the request's words, or is named by one, or is more alike than unrelated texts ever are; browsing
    asks for nothing."""
    return (
        hit.cosine is None
        or hit.cosine >= strangers
        or hit.coverage >= _RELEVANT_COVERAGE
        or asked.mentioned_by(hit.evidence)
    )


def _answered_by(texts: Sequence[Evidence], hits: Sequence[Hit], request: Request) -> bool:
    """Whether the help pages know what is asked about better than any product does.

    Words that name no kind of thing and set no limit need not have the form of a question ("what are points worth"),
    if a page is clearly nearer and as near as no page on something else is.
    """
    reading = request.reading
    if reading.intent != "product" or not texts:
        return False
    best, nearest = max((hit.cosine or 0.0 for hit in hits), default=0.0), texts[0]
    if reading.asks_how:
        return nearest.score > best
    vague = reading.head is None and not reading.limits
    return vague and nearest.score > max(request.manifest.strangers.get(nearest.type, 1.0), best + _CLEARLY)


def _over_floor(hit: Hit, manifest: Manifest) -> bool:
    return hit.cosine is None or hit.cosine >= manifest.floors.get(hit.evidence.type, -1.0)
