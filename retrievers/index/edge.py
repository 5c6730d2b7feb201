"""One generation of the index in Qdrant Edge, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import qdrant_edge as edge

from retrievers.catalogue import DocumentType
from retrievers.index.filters import Condition, conditions
from retrievers.index.fusion import RRF_K, Branch, branches, browses, candidates, hit, ranked
from retrievers.index.protocol import Hit, IndexUnavailable, Manifest, Query, SparseVector
from retrievers.index.schema import DENSE, FIELDS, SPARSE, evidence_of, measure_key, point_id
from retrievers.records import Evidence, FilterItem

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
        present = [type for type, path in paths.items() if manifest.counts.get(type.value) or path.is_dir()]
        with _readable():
            self._shards = {type: edge.EdgeShard.load(str(paths[type])) for type in present}

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return [self._browse(query) if browses(query) else self._fused(query) for query in queries]

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

    def _fused(self, query: Query) -> list[Hit]:
        prefetches = [_prefetch(query, branch) for branch in branches(query)]
        if not prefetches:
            return []
        request = edge.QueryRequest(
            limit=query.limit,
            prefetches=prefetches,
            query=edge.Fusion.Rrf(k=RRF_K),  # type: ignore[arg-type]  # the stubs do not know it is a Fusion
            with_payload=True,
            with_vector=[DENSE],
        )
        points = self._query(query, request)
        return ranked(hit(query, point.payload or {}, point.score, _dense(point)) for point in points)

    def _browse(self, query: Query) -> list[Hit]:
        request = edge.QueryRequest(
            limit=query.limit,
            query=edge.OrderBy("popularity", edge.Direction.Desc),
            filter=_filter(query.filters),
            with_payload=True,
        )
        return [hit(query, point.payload or {}, 0.0, None) for point in self._query(query, request)]

    def _query(self, query: Query, request: edge.QueryRequest) -> list[edge.ScoredPoint]:
        shard = self._shards.get(query.type)
        if shard is None:  # there are no documents of this type
            return []
        with _readable():
            return shard.query(request)


def _prefetch(query: Query, branch: Branch) -> edge.Prefetch:
    vector = branch.vector
    if isinstance(vector, SparseVector):
        nearest = edge.Query.Nearest(edge.SparseVector(list(vector.indices), list(vector.values)), SPARSE)
    else:
        nearest = edge.Query.Nearest(vector.tolist(), DENSE)
    exact = edge.SearchParams(quantization=edge.QuantizationSearchParams(rescore=True))
    return edge.Prefetch(candidates(query), nearest, filter=_filter(query.filters, branch.head), params=exact)


def _dense(point: edge.ScoredPoint) -> object:
    return point.vector[DENSE] if isinstance(point.vector, dict) else None


def _filter(items: Sequence[FilterItem], head: str | None = None) -> edge.Filter | None:
    found = conditions(items, head)
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
