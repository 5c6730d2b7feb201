"""How one query becomes several searches and their results one list, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from retrievers.index.codec import Json
from retrievers.index.protocol import Hit, Query, SparseVector, Vector
from retrievers.index.schema import DENSE, SPARSE, evidence_of

# Reciprocal rank fusion scores 1 / (k + rank); 60 as in Cormack, Clarke and Buettcher 2009. At Qdrant's own default, 2,
# the first place of one branch outweighs agreement between branches.
RRF_K = 60
_LEAST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Branch:
    """One search by one vector; `head` restricts it further than the query's filters do."""

    using: str
    vector: Vector | SparseVector
    head: str | None


def branches(query: Query) -> list[Branch]:
    """Empty when there is nothing to search by: no vector, or a sparse one without terms."""
    heads = [None, query.head] if query.head else [None]
    dense = [Branch(DENSE, query.dense, head) for head in heads if query.dense is not None]
    sparse = [Branch(SPARSE, query.sparse, head) for head in heads if query.sparse and query.sparse.indices]
    return dense + sparse


def browses(query: Query) -> bool:
    """A browsing query ignores its head: there is no ranking for accessories to bury."""
    return query.dense is None and query.sparse is None


def candidates(query: Query) -> int:
    """How deep each branch goes."""
    return max(_LEAST_CANDIDATES, 2 * query.limit)


def hit(query: Query, payload: Json, score: float, vector: Any) -> Hit:
    """`vector` is the stored dense vector, of unit length, or None when browsing."""
    cosine = None if query.dense is None or vector is None else float(np.dot(query.dense, np.asarray(vector)))
    return Hit(evidence_of(payload, score), cosine)


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """Best first; fused scores often tie, and engines break ties differently."""
    return sorted(hits, key=lambda hit: (-round(hit.evidence.score, 6), -(hit.cosine or 0), hit.evidence.id))
