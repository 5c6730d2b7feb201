"""The index on a Qdrant server, or in qdrant-client's local mode."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np
from qdrant_client import QdrantClient, models

from retrievers.catalogue import DocumentType
from retrievers.index.filters import Condition, conditions
from retrievers.index.fusion import browses, depth, hybrid, wordings
from retrievers.index.protocol import Hit, Manifest, Point, Query, Vector
from retrievers.index.schema import (
    DENSE,
    FIELDS,
    SPARSE,
    alias_name,
    collection_name,
    evidence_of,
    measure_key,
    new_generation,
    point_id,
    stored_payload,
)
from retrievers.index.server_generations import ServerGenerations, reachable
from retrievers.records import Evidence, FilterItem

_BATCH = 256
_FIELD_TYPES = {
    "float": models.PayloadSchemaType.FLOAT,
    "integer": models.PayloadSchemaType.INTEGER,
    "keyword": models.PayloadSchemaType.KEYWORD,
}


class QdrantIndex:
    """Implements `Index` on the aliases, so it follows whatever is published. `client` stays the caller's to close."""

    def __init__(self, client: QdrantClient) -> None:
        self._client = client

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return [self._browse(query) if browses(query) else hybrid(self, query) for query in queries]

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        wanted: list[models.ExtendedPointId] = [point_id(id) for id in ids]
        with reachable():
            records = [record for type in DocumentType for record in self._client.retrieve(alias_name(type), wanted)]
        found = {evidence.id: evidence for evidence in (evidence_of(record.payload or {}) for record in records)}
        return [found[id] for id in ids if id in found]

    def manifest(self) -> Manifest:
        return ServerGenerations(self._client).served().manifest

    def close(self) -> None:
        """Nothing to close."""

    def candidates(self, query: Query, heads: Sequence[str]) -> Mapping[str, float]:
        """See `retrievers.index.fusion.Engine`."""
        prefetches = _prefetches(query, heads)
        with reachable():
            response = self._client.query_points(
                alias_name(query.type),
                prefetch=prefetches,
                query=_best_words(query),
                limit=len(prefetches) * depth(query),
                with_payload=False,
            )
        return {str(point.id): point.score for point in response.points}

    def cosines(self, type: DocumentType, ids: Collection[str], dense: Vector) -> Mapping[str, float]:
        with reachable(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Local mode performs exact")
            response = self._client.query_points(
                alias_name(type),
                query=dense.tolist(),
                using=DENSE,
                query_filter=models.Filter(must=[models.HasIdCondition(has_id=list(ids))]),
                limit=len(ids),
                search_params=models.SearchParams(exact=True),
                with_payload=False,
            )
        return {str(point.id): point.score for point in response.points}

    def holding(self, type: DocumentType, ids: Collection[str], terms: Sequence[int]) -> Mapping[int, frozenset[str]]:
        among = models.Filter(must=[models.HasIdCondition(has_id=list(ids))])
        requests = [
            models.QueryRequest(
                query=models.SparseVector(indices=[term], values=[1.0]),
                using=SPARSE,
                filter=among,
                limit=len(ids),
                with_payload=False,
            )
            for term in terms
        ]
        with reachable():
            groups = self._client.query_batch_points(alias_name(type), requests)
        return {
            term: frozenset(str(point.id) for point in group.points) for term, group in zip(terms, groups, strict=True)
        }

    def vectors(self, type: DocumentType, ids: Collection[str]) -> Sequence[Vector]:
        with reachable():
            records = self._client.retrieve(alias_name(type), list(ids), with_payload=False, with_vectors=[DENSE])
        found = [record.vector for record in records if isinstance(record.vector, dict)]
        return [np.asarray(of[DENSE], np.float32) for of in found]

    def stored(self, type: DocumentType, ids: Collection[str]) -> Mapping[str, Evidence]:
        with reachable():
            records = self._client.retrieve(alias_name(type), list(ids))
        return {str(record.id): evidence_of(record.payload or {}) for record in records}

    def _browse(self, query: Query) -> list[Hit]:
        filter = _filter(query.filters)
        order = models.OrderBy(key="popularity", direction=models.Direction.DESC)
        with reachable():
            response = self._client.query_points(
                alias_name(query.type),
                query=models.OrderByQuery(order_by=order),
                query_filter=filter,
                limit=query.limit,
            )
        return [Hit(evidence_of(point.payload or {}), None) for point in response.points]


class ServerIndex(QdrantIndex):
    """With a client of its own for the server at `url`, closed with the index. Connects with the first request."""

    def __init__(self, url: str) -> None:
        super().__init__(connect(url))

    def close(self) -> None:
        self._client.close()


def connect(url: str) -> QdrantClient:
    """A client that does not call the server before it is asked something."""
    return QdrantClient(url=url, check_compatibility=False)


class QdrantWriter:
    """Implements `IndexWriter`; the manifest handed to `publish` must carry `generation`, the name chosen here."""

    def __init__(self, client: QdrantClient, dimensions: int) -> None:
        self._client = client
        self._generations = ServerGenerations(client)
        self.generation = new_generation()
        with reachable():
            for type in DocumentType:
                _create_collection(client, collection_name(self.generation, type), dimensions)

    def measure(self, names: Iterable[str]) -> None:
        products = collection_name(self.generation, DocumentType.PRODUCT)
        with reachable(), _indexing():
            for name in names:
                self._client.create_payload_index(products, measure_key(name), models.PayloadSchemaType.FLOAT)

    def upsert(self, points: Iterable[Point]) -> None:
        remaining = iter(points)
        while batch := list(islice(remaining, _BATCH)):
            by_type: dict[DocumentType, list[models.PointStruct]] = {}
            for point in batch:
                by_type.setdefault(point.evidence.type, []).append(_point_struct(point))
            with reachable():
                for type, structs in by_type.items():
                    self._client.upsert(collection_name(self.generation, type), structs)

    def publish(self, manifest: Manifest) -> None:
        """Raises ValueError for another generation's manifest, IndexUnavailable if the server cannot be reached."""
        if manifest.generation != self.generation:
            raise ValueError(f"the manifest is of generation {manifest.generation}, this is {self.generation}")
        self._generations.publish(manifest)

    def abandon(self) -> None:
        self._generations.drop(self.generation)


def _create_collection(client: QdrantClient, name: str, dimensions: int) -> None:
    client.create_collection(
        name,
        vectors_config={DENSE: models.VectorParams(size=dimensions, distance=models.Distance.COSINE)},
        sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    with _indexing():
        for field, declared in FIELDS.items():
            client.create_payload_index(name, field, _FIELD_TYPES[declared.type])


@contextmanager
def _indexing() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Payload indexes have no effect in the local Qdrant")
        yield


def _point_struct(point: Point) -> models.PointStruct:
    sparse = models.SparseVector(indices=list(point.sparse.indices), values=list(point.sparse.values))
    vectors: Any = {DENSE: point.dense.tolist(), SPARSE: sparse}
    return models.PointStruct(id=point_id(point.evidence.id), vector=vectors, payload=stored_payload(point))


def _prefetches(query: Query, heads: Sequence[str]) -> list[models.Prefetch]:
    """The dense one first, then one a wording."""
    filter, limit = _filter(query.filters, heads), depth(query)
    found = []
    if query.dense is not None:
        found.append(models.Prefetch(query=query.dense.tolist(), using=DENSE, filter=filter, limit=limit))
    for said in wordings(query):
        sparse = models.SparseVector(indices=list(said.indices), values=list(said.values))
        found.append(models.Prefetch(query=sparse, using=SPARSE, filter=filter, limit=limit))
    return found


def _best_words(query: Query) -> models.FormulaQuery:
    """A candidate's best BM25 score; those of the dense prefetch alone have none."""
    first = 0 if query.dense is None else 1
    names = [f"$score[{place}]" for place in range(first, first + len(wordings(query)))]
    scores: list[Any] = [*names] or [0.0]
    return models.FormulaQuery(formula=models.MaxExpression(max=scores), defaults=dict.fromkeys(names, 0.0))


def _filter(items: Sequence[FilterItem], heads: Sequence[str] = ()) -> models.Filter | None:
    found = conditions(items, heads)
    return models.Filter(must=[_spelled(condition) for condition in found]) if found else None


def _spelled(condition: Condition) -> models.Filter | models.FieldCondition:
    if condition.either:
        return models.Filter(should=[_spelled(one) for one in condition.either])
    if condition.words is not None:
        match = models.FieldCondition(key=condition.field, match=models.MatchAny(any=list(condition.words)))
        if condition.negated:
            return models.Filter(must_not=[match])
    else:
        bounds = models.Range(gte=condition.least, lte=condition.most)
        match = models.FieldCondition(key=condition.field, range=bounds)
    if condition.unknown_passes:
        empty = models.IsEmptyCondition(is_empty=models.PayloadField(key=condition.field))
        return models.Filter(should=[match, empty])
    return match
