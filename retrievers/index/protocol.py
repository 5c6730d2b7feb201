"""What an index is, whichever engine holds it. Edge, qdrant-client and the socket client all implement `Index`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrievers.catalogue import DocumentType
from retrievers.facets import AttributeSummary
from retrievers.records import Evidence, FilterItem

Vector = NDArray[np.float32]


class IndexUnavailable(Exception):
    """The index cannot answer: missing, empty, or its owner is gone."""


class IndexMismatch(IndexUnavailable):
    """The index was built with another embedder than the one at hand: its vectors mean nothing here."""


@dataclass(frozen=True, slots=True)
class SparseVector:
    indices: tuple[int, ...]  # unsigned 32-bit, strictly increasing
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One document or chunk, ready to be written. `payload` holds the filterable fields and `metadata` (see schema)."""

    evidence: Evidence
    payload: Mapping[str, Any]
    dense: Vector
    sparse: SparseVector


@dataclass(frozen=True, slots=True)
class Query:
    """One search in one collection. With neither vector it browses: most popular first."""

    type: DocumentType
    limit: int
    dense: Vector | None = None
    sparse: SparseVector | None = None
    filters: tuple[FilterItem, ...] = ()
    heads: tuple[str, ...] = ()  # also searches among these kinds of things alone, so accessories do not bury them
    rewordings: tuple[SparseVector, ...] = ()  # the same request in other words; a document is judged by its best
    depth: int = 0  # candidates each vector brings; 0 for as many as suits `limit`
    plain: bool = False  # by cosine or BM25 and nothing else: the baselines of evaluations


@dataclass(frozen=True, slots=True)
class Hit:
    """`evidence.score` is the fused score, 0 when browsing; `cosine` is the dense similarity in [-1, 1], None without a
    dense vector; `coverage` is the share of the request's words the document holds."""

    evidence: Evidence
    cosine: float | None
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from; written last, so a generation without one is unfinished."""

    generation: str
    embedder: str  # name and content hash of the model; another hash is a mismatch
    dimensions: int
    created_at: datetime
    counts: Mapping[str, int]  # documents per type
    floors: Mapping[str, float]  # least cosine worth showing, per type (a recall floor, calibrated at build)
    vocabulary: Mapping[str, Sequence[str]]  # brands, categories, heads and known kinds, as found in the catalogue
    currency: str = "USD"
    attributes: Mapping[str, AttributeSummary] = field(default_factory=dict)  # what conditions can be put on
    related: Mapping[str, str] = field(default_factory=dict)  # other words for kinds: "laptop" (a stem) for "notebook"
    strangers: Mapping[str, float] = field(default_factory=dict)  # cosine that unrelated texts stay below, per type


class Index(Protocol):
    """Read access to the current generation. Methods are synchronous and thread-safe."""

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        """One list of hits per query, best first. Raises IndexUnavailable."""
        ...

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        """Documents by evidence id; unknown ids are left out. Raises IndexUnavailable."""
        ...

    def manifest(self) -> Manifest:
        """The current generation's manifest. Raises IndexUnavailable."""
        ...

    def close(self) -> None: ...


class IndexWriter(Protocol):
    """Builds one new generation elsewhere; nothing is visible until `publish`."""

    def measure(self, names: Iterable[str]) -> None:
        """Attributes whose figures are to be found fast; said before the first point."""
        ...

    def upsert(self, points: Iterable[Point]) -> None: ...

    def publish(self, manifest: Manifest) -> None:
        """Optimises, writes the manifest and switches the alias atomically."""
        ...

    def abandon(self) -> None:
        """Removes what was written; the serving generation is untouched."""
        ...
