"""The index's records as plain JSON, for payloads, manifests, snapshots and the socket."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Hit, Manifest, Query, SparseVector, Vector
from retrievers.records import Evidence, FilterItem

Json = dict[str, Any]

_EVIDENCE = TypeAdapter(Evidence)
_FILTERS = TypeAdapter(tuple[FilterItem, ...])
_MANIFEST = TypeAdapter(Manifest)


def evidence_to_json(evidence: Evidence) -> Json:
    """Without the score, which belongs to a search."""
    return {key: value for key, value in _EVIDENCE.dump_python(evidence, mode="json").items() if key != "score"}


def evidence_from_json(document: Json, score: float) -> Evidence:
    return _EVIDENCE.validate_python({**document, "score": score})


def manifest_to_json(manifest: Manifest) -> Json:
    dumped: Json = _MANIFEST.dump_python(manifest, mode="json")
    return dumped


def manifest_from_json(document: Json) -> Manifest:
    """Raises pydantic's ValidationError, a ValueError, on anything that is not a manifest."""
    return _MANIFEST.validate_python(document)


def query_to_json(query: Query) -> Json:
    return {
        "type": query.type.value,
        "limit": query.limit,
        "dense": None if query.dense is None else _vector_to_text(query.dense),
        "sparse": None if query.sparse is None else _sparse_to_json(query.sparse),
        "filters": _FILTERS.dump_python(query.filters, mode="json"),
        "heads": query.heads,
        "rewordings": [_sparse_to_json(sparse) for sparse in query.rewordings],
        "depth": query.depth,
        "plain": query.plain,
    }


def query_from_json(document: Json) -> Query:
    dense, sparse = document["dense"], document["sparse"]
    return Query(
        type=DocumentType(document["type"]),
        limit=document["limit"],
        dense=None if dense is None else _vector_from_text(dense),
        sparse=None if sparse is None else _sparse_from_json(sparse),
        filters=_FILTERS.validate_python(document["filters"]),
        heads=tuple(document["heads"]),
        rewordings=tuple(_sparse_from_json(said) for said in document["rewordings"]),
        depth=document["depth"],
        plain=document["plain"],
    )


def hit_to_json(hit: Hit) -> Json:
    return {
        "evidence": evidence_to_json(hit.evidence),
        "score": hit.evidence.score,
        "cosine": hit.cosine,
        "coverage": hit.coverage,
    }


def hit_from_json(document: Json) -> Hit:
    evidence = evidence_from_json(document["evidence"], document["score"])
    return Hit(evidence, document["cosine"], document["coverage"])


def _sparse_to_json(sparse: SparseVector) -> list[tuple[float, ...]]:
    return [sparse.indices, sparse.values]


def _sparse_from_json(sparse: list[list[Any]]) -> SparseVector:
    return SparseVector(tuple(sparse[0]), tuple(sparse[1]))


def _vector_to_text(vector: Vector) -> str:
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode("ascii")


def _vector_from_text(text: str) -> Vector:
    return np.frombuffer(base64.b64decode(text), "<f4")
