"""One generation of the index in Qdrant Edge, in this process."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import qdrant_edge as edge

from retrievers.catalogue import DocumentType
from retrievers.index.filters import Condition, conditions
from retrievers.index.fusion import browses, depth, hybrid, wordings
from retrievers.index.protocol import Hit, IndexUnavailable, Manifest, Query, Vector
from retrievers.index.schema import DENSE, FIELDS, SPARSE, evidence_of, measure_key, point_id
from retrievers.records import Evidence, FilterItem

_KEPT = 5000  # documents read, some 30 MB
_RESCORED = edge.QuantizationSearchParams(rescore=True)
_UNQUANTISED = edge.QuantizationSearchParams(ignore=True)
_FIELD_TYPES = {
    "float": edge.PayloadSchemaType.Float,
    "integer": edge.PayloadSchemaType.Integer,
    "keyword": edge.PayloadSchemaType.Keyword,
}


def create_shard(directory: Path, dimensions: int, measured: Sequence[str] = ()) -> edge.EdgeShard:
    """An empty shard for one document type, without a write-ahead log: a build that breaks off is thrown away.

    `measured` are the attributes whose figures are indexed.
    """
    config = edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimensions, distance=edge.Distance.Cosine)},
        sparse_vectors={SPARSE: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        quantization_config=edge.ScalarQuantizationConfig(type=edge.ScalarType.Int8, memory=edge.Memory.Pinned),
        wal_enabled=False,
    )
    shard = edge.EdgeShard.create(str(directory), config)
    for name, field in FIELDS.items():
        shard.update(edge.UpdateOperation.create_field_index(name, _FIELD_TYPES[field.type]))
    for name in measured:
        shard.update(edge.UpdateOperation.create_field_index(measure_key(name), edge.PayloadSchemaType.Float))
    return shard


class EdgeIndex:
    """Implements `Index` on the shards under `directory`. Raises IndexUnavailable if one cannot be opened."""

    def __init__(self, directory: Path, manifest: Manifest) -> None:
        self._manifest = manifest
        paths = {type: directory / type.value for type in DocumentType}
        self._read: dict[str, Evidence] = {}
        present = [type for type, path in paths.items() if manifest.counts.get(type.value) or path.is_dir()]
        with _readable():
            self._shards = {type: edge.EdgeShard.load(str(paths[type])) for type in present}

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return [self._browse(query) if browses(query) else hybrid(self, query) for query in queries]

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        wanted: list[edge.PointId] = [point_id(id) for id in ids]
        found: dict[str, Evidence] = {}
        for shard in self._shards.values():
            with _readable():
                records = shard.retrieve(wanted, with_payload=True, with_vector=False)
            for record in records:
                evidence = evidence_of(record.payload or {})
                found[evidence.id] = evidence
        return [found[id] for id in ids if id in found]

    def manifest(self) -> Manifest:
        return self._manifest

    def close(self) -> None:
        for shard in self._shards.values():
            shard.close()

    def candidates(self, query: Query, heads: Sequence[str]) -> Mapping[str, float]:
        """See `retrievers.index.fusion.Engine`."""
        request = edge.QueryRequest(
            limit=len(_prefetches(query, heads)) * depth(query),
            prefetches=_prefetches(query, heads),
            query=_best_words(query),
        )
        return {str(point.id): point.score for point in self._query(query.type, request)}

    def cosines(self, type: DocumentType, ids: Collection[str], dense: Vector) -> Mapping[str, float]:
        request = edge.QueryRequest(
            limit=len(ids),
            query=edge.Query.Nearest(dense.tolist(), DENSE),
            filter=edge.Filter(must=[edge.HasIdCondition(set(ids))]),
            params=edge.SearchParams(exact=True, quantization=_UNQUANTISED),
        )
        return {str(point.id): point.score for point in self._query(type, request)}

    def holding(self, type: DocumentType, ids: Collection[str], terms: Sequence[int]) -> Mapping[int, frozenset[str]]:
        shard, among = self._shards.get(type), edge.Filter(must=[edge.HasIdCondition(set(ids))])
        if shard is None:
            return {}
        requests = [
            edge.QueryRequest(
                limit=len(ids), query=edge.Query.Nearest(edge.SparseVector([term], [1.0]), SPARSE), filter=among
            )
            for term in terms
        ]
        with _readable():
            groups = shard.query_batch(edge.QueryBatchRequest(requests))
        return {term: frozenset(str(point.id) for point in points) for term, points in zip(terms, groups, strict=True)}

    def vectors(self, type: DocumentType, ids: Collection[str]) -> Sequence[Vector]:
        records = self._retrieve(type, ids, payload=False, vectors=[DENSE])
        found = [record.vector for record in records if isinstance(record.vector, dict)]
        return [np.asarray(of[DENSE], np.float32) for of in found]

    def stored(self, type: DocumentType, ids: Collection[str]) -> Mapping[str, Evidence]:
        """A generation never changes, so what was read stays true; reading a payload is most of a search's time."""
        missing = [id for id in ids if id not in self._read]
        for record in self._retrieve(type, missing, payload=True, vectors=[]):
            self._read[str(record.id)] = evidence_of(record.payload or {})
        found = {id: self._read[id] for id in ids if id in self._read}
        if len(self._read) > _KEPT:
            self._read = found
        return found

    def _browse(self, query: Query) -> list[Hit]:
        request = edge.QueryRequest(
            limit=query.limit,
            query=edge.OrderBy("popularity", edge.Direction.Desc),
            filter=_filter(query.filters),
            with_payload=True,
        )
        return [Hit(evidence_of(point.payload or {}), None) for point in self._query(query.type, request)]

    def _query(self, type: DocumentType, request: edge.QueryRequest) -> list[edge.ScoredPoint]:
        shard = self._shards.get(type)
        if shard is None:  # there are no documents of this type
            return []
        with _readable():
            return shard.query(request)

    def _retrieve(
        self, type: DocumentType, ids: Collection[str], *, payload: bool, vectors: list[str]
    ) -> list[edge.Record]:
        shard = self._shards.get(type)
        if shard is None or not ids:
            return []
        with _readable():
            return shard.retrieve(list(ids), with_payload=payload, with_vector=vectors)


def _prefetches(query: Query, heads: Sequence[str]) -> list[edge.Prefetch]:
    """The dense one first, then one a wording."""
    filter, exact = _filter(query.filters, heads), edge.SearchParams(quantization=_RESCORED)
    nearest = [edge.Query.Nearest(query.dense.tolist(), DENSE)] if query.dense is not None else []
    nearest += [
        edge.Query.Nearest(edge.SparseVector(list(said.indices), list(said.values)), SPARSE) for said in wordings(query)
    ]
    return [edge.Prefetch(depth(query), one, filter=filter, params=exact) for one in nearest]


def _best_words(query: Query) -> edge.Formula:
    """A candidate's best BM25 score; those of the dense prefetch alone have none."""
    first = 0 if query.dense is None else 1
    names = [f"$score[{place}]" for place in range(first, first + len(wordings(query)))]
    scores = [edge.Expression.Variable(name) for name in names] or [edge.Expression.Constant(0.0)]
    return edge.Formula(edge.Expression.Max(scores), dict.fromkeys(names, 0.0))


def _filter(items: Sequence[FilterItem], heads: Sequence[str] = ()) -> edge.Filter | None:
    found = conditions(items, heads)
    return edge.Filter(must=[_spelled(condition) for condition in found]) if found else None


def _spelled(condition: Condition) -> edge.Filter | edge.FieldCondition:
    if condition.either:
        return edge.Filter(should=[_spelled(one) for one in condition.either])
    if condition.words is not None:
        match = edge.FieldCondition(condition.field, match=edge.MatchAny(list(condition.words)))
        if condition.negated:
            return edge.Filter(must_not=[match])
    else:
        bounds = edge.RangeFloat(gte=condition.least, lte=condition.most)
        match = edge.FieldCondition(condition.field, range=bounds)
    if condition.unknown_passes:
        return edge.Filter(should=[match, edge.IsEmptyCondition(condition.field)])
    return match


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Edge has no exception type of its own
        raise IndexUnavailable(f"the index cannot be read: {error}") from error
