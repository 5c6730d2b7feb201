"""What turns text into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from retrievers.index.protocol import SparseVector, Vector


class Embedder(Protocol):
    """Dense vectors of unit length. `name` identifies model and weights; it goes into the index manifest."""

    name: str
    dimensions: int

    def query(self, text: str) -> Vector:
        """One vector, shape (dimensions,)."""
        ...

    def documents(self, texts: Sequence[str]) -> Vector:
        """Shape (len(texts), dimensions)."""
        ...


class SparseEncoder(Protocol):
    def query(self, text: str) -> SparseVector: ...

    def document(self, fields: Sequence[Sequence[str]]) -> SparseVector:
        """BM25 term weights of a document's tokens by field, without the IDF part, which the engine adds."""
        ...
