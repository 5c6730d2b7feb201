"""Hybrid search, the same over every engine.

One query to the engine fuses what is near in meaning with what shares words into one set of candidates, each with its
BM25 score. They are then weighed by

    2 * cosine / best cosine  +  BM25 / best BM25  +  0.8 * share of the request's words the document holds
    +  0.1 for being the kind of thing asked for, rather than something for it

where the cosine is taken with the request moved a little towards the ten best (pseudo-relevance feedback, Rocchio
1971). Reciprocal ranks forget how much better the best is, and were worse. The weights were found on judged queries
over an electronics catalogue, where quality is flat around them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Hit, Query, SparseVector, Vector
from retrievers.records import Evidence

MEANING, WORDS, COVERAGE, KIND = 2.0, 1.0, 0.8, 0.1
_FEEDBACK = 0.3  # how far the request moves, relative to its own length
_FEEDBACK_FROM = 10  # of the candidates; shorter lists than this have no crowd to learn from
_LEAST_CANDIDATES = 50


class Engine(Protocol):
    """What hybrid search asks of an engine. Ids are point ids; unknown ones are left out of answers."""

    def candidates(self, query: Query, heads: Sequence[str]) -> Mapping[str, float]:
        """What the query's vectors bring, `depth(query)` each, by their best BM25 score (0 if found by meaning)."""
        ...

    def cosines(self, type: DocumentType, ids: Collection[str], dense: Vector) -> Mapping[str, float]: ...

    def holding(self, type: DocumentType, ids: Collection[str], terms: Sequence[int]) -> Mapping[int, frozenset[str]]:
        """By term of the sparse vectors, those of the points that have it."""
        ...

    def vectors(self, type: DocumentType, ids: Collection[str]) -> Sequence[Vector]: ...

    def stored(self, type: DocumentType, ids: Collection[str]) -> Mapping[str, Evidence]: ...


def browses(query: Query) -> bool:
    """A browsing query ignores its heads: there is no ranking for accessories to bury."""
    return query.dense is None and query.sparse is None


def wordings(query: Query) -> list[SparseVector]:
    """The sparse vectors that have any terms to search by."""
    return [sparse for sparse in (query.sparse, *query.rewordings) if sparse is not None and sparse.indices]


def depth(query: Query) -> int:
    """How many candidates each vector brings."""
    return query.depth or max(_LEAST_CANDIDATES, 2 * query.limit)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Candidates with all that counts but the cosine: BM25, coverage and kind."""

    words: Mapping[str, float]
    coverage: Mapping[str, float]

    def scores(self, cosines: Mapping[str, float]) -> dict[str, float]:
        nearest = max(max(cosines.values(), default=0.0), 1e-6)
        return {id: score + MEANING * cosines.get(id, 0.0) / nearest for id, score in self.words.items()}


def hybrid(engine: Engine, query: Query) -> list[Hit]:
    """The best `query.limit`, best first."""
    if query.dense is None and not wordings(query):
        return []
    found = _weighed(engine, query)
    cosines = _cosines(engine, query, found.words, query.dense)
    scores = found.scores(cosines)
    if query.dense is not None and query.limit >= _FEEDBACK_FROM and not query.plain:
        moved = _moved(query.dense, engine.vectors(query.type, _best(scores, _FEEDBACK_FROM)))
        scores = found.scores(_cosines(engine, query, found.words, moved))
    stored = engine.stored(query.type, _best(scores, query.limit))
    hits = [
        Hit(replace(evidence, score=scores[id]), cosines.get(id), found.coverage.get(id, 0.0))
        for id, evidence in stored.items()
    ]
    return sorted(hits, key=lambda hit: (-round(hit.evidence.score, 6), -(hit.cosine or 0.0), hit.evidence.id))


def _weighed(engine: Engine, query: Query) -> _Weighed:
    """With heads a second search looks among that kind of thing alone, so that accessories cannot crowd it out."""
    of_kind = engine.candidates(query, query.heads) if query.heads else {}
    bm25 = {**of_kind, **engine.candidates(query, ())}
    most = max(bm25.values(), default=0.0) or 1.0
    if query.plain:
        return _Weighed({id: WORDS * score / most for id, score in bm25.items()}, {})
    coverage = _coverage(engine, query, bm25)
    return _Weighed(
        {id: WORDS * score / most + COVERAGE * coverage[id] + KIND * (id in of_kind) for id, score in bm25.items()},
        coverage,
    )


def _coverage(engine: Engine, query: Query, ids: Collection[str]) -> dict[str, float]:
    """The share of a wording's terms that each candidate holds, of its best wording."""
    said = wordings(query)
    terms = sorted({term for wording in said for term in wording.indices})
    holding = engine.holding(query.type, ids, terms) if terms and ids else {}
    shares = [
        {id: sum(id in holding[term] for term in wording.indices) / len(wording.indices) for id in ids}
        for wording in said
    ]
    return {id: max((share[id] for share in shares), default=0.0) for id in ids}


def _cosines(engine: Engine, query: Query, ids: Collection[str], dense: Vector | None) -> Mapping[str, float]:
    return {} if dense is None or not ids else engine.cosines(query.type, ids, dense)


def _best(scores: Mapping[str, float], count: int) -> list[str]:
    return sorted(scores, key=lambda id: (-round(scores[id], 6), id))[:count]


def _moved(dense: Vector, vectors: Sequence[Vector]) -> Vector:
    if not vectors:
        return dense
    moved = dense + _FEEDBACK * np.mean(vectors, axis=0)
    unit: Vector = (moved / np.linalg.norm(moved)).astype(np.float32)
    return unit
