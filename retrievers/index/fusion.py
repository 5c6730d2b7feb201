"""Hybrid search, the same over every engine.

One query to the engine fuses what is near in meaning with what shares words into one set of candidates, each with its
BM25 score. They are then weighed by

    2 * cosine / best cosine  +  BM25 / best BM25  +  0.8 * share of the request's words the document holds
    +  0.05 for being the kind of thing asked for, rather than something for it

where the cosine is taken with the request moved a little towards the ten best (pseudo-relevance feedback, Rocchio
1971). Reciprocal ranks forget how much better the best is, and were worse. The weights were found on judged queries
over an electronics catalogue, where quality is flat around them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from retrievers.catalogue import DocumentType
from retrievers.index.codec import Json
from retrievers.index.protocol import Hit, Query, SparseVector, Vector
from retrievers.index.schema import evidence_of

MEANING, WORDS, COVERAGE, KIND = 2.0, 1.0, 0.8, 0.05
_FEEDBACK = 0.3  # how far the request moves, relative to its own length
_FEEDBACK_FROM = 10  # of the candidates; shorter lists than this have no crowd to learn from
_LEAST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Stored:
    """A point as the engine keeps it: its payload, and the terms of its sparse vector."""

    payload: Json
    terms: frozenset[int]


class Engine(Protocol):
    """What hybrid search asks of an engine. Ids are point ids; unknown ones are left out of answers."""

    def candidates(self, query: Query, heads: Sequence[str]) -> Mapping[str, float]:
        """What the query's vectors bring, `depth(query)` each, by their best BM25 score (0 if found by meaning)."""
        ...

    def cosines(self, type: DocumentType, ids: Collection[str], dense: Vector) -> Mapping[str, float]: ...

    def vectors(self, type: DocumentType, ids: Collection[str]) -> Sequence[Vector]: ...

    def stored(self, type: DocumentType, ids: Collection[str]) -> Mapping[str, Stored]: ...


def browses(query: Query) -> bool:
    """A browsing query ignores its heads: there is no ranking for accessories to bury."""
    return query.dense is None and query.sparse is None


def wordings(query: Query) -> list[SparseVector]:
    """The sparse vectors that have any terms to search by."""
    return [sparse for sparse in (query.sparse, *query.rewordings) if sparse is not None and sparse.indices]


def depth(query: Query) -> int:
    """How many candidates each vector brings."""
    return max(_LEAST_CANDIDATES, 2 * query.limit)


def hybrid(engine: Engine, query: Query) -> list[Hit]:
    """The best `query.limit`, best first.

    With heads a second search looks among that kind of thing alone, so that accessories cannot crowd it out.
    """
    if query.dense is None and not wordings(query):
        return []
    of_kind = engine.candidates(query, query.heads) if query.heads else {}
    words = {**of_kind, **engine.candidates(query, ())}
    if not words:
        return []
    cosines = _cosines(engine, query, words, query.dense)
    base = _weighed(words, cosines, of_kind)
    if query.dense is not None and query.limit >= _FEEDBACK_FROM and not query.plain:
        moved = _moved(query.dense, engine.vectors(query.type, _best(base, _FEEDBACK_FROM)))
        base = _weighed(words, _cosines(engine, query, words, moved), of_kind)
    stored = engine.stored(query.type, _best(base, query.limit))
    hits = [_hit(query, stored[id], base[id], cosines.get(id)) for id in stored]
    return sorted(hits, key=lambda hit: (-round(hit.evidence.score, 6), -(hit.cosine or 0.0), hit.evidence.id))


def _cosines(engine: Engine, query: Query, ids: Collection[str], dense: Vector | None) -> Mapping[str, float]:
    return {} if dense is None else engine.cosines(query.type, ids, dense)


def _weighed(words: Mapping[str, float], cosines: Mapping[str, float], of_kind: Collection[str]) -> dict[str, float]:
    most, nearest = max(words.values()) or 1.0, max(max(cosines.values(), default=0.0), 1e-6)
    return {
        id: WORDS * score / most + MEANING * cosines.get(id, 0.0) / nearest + KIND * (id in of_kind)
        for id, score in words.items()
    }


def _best(base: Mapping[str, float], count: int) -> list[str]:
    return sorted(base, key=lambda id: (-round(base[id], 6), id))[:count]


def _moved(dense: Vector, vectors: Sequence[Vector]) -> Vector:
    if not vectors:
        return dense
    moved = dense + _FEEDBACK * np.mean(vectors, axis=0)
    unit: Vector = (moved / np.linalg.norm(moved)).astype(np.float32)
    return unit


def _hit(query: Query, stored: Stored, base: float, cosine: float | None) -> Hit:
    shares = [len(stored.terms.intersection(said.indices)) / len(said.indices) for said in wordings(query)]
    coverage = max(shares, default=0.0)
    score = base if query.plain else base + COVERAGE * coverage
    return Hit(evidence_of(stored.payload, score), cosine, coverage)
