"""BM25 term weights as sparse vectors."""

from __future__ import annotations

import zlib
from collections import Counter

from retrievers.embedding.tokens import tokens
from retrievers.index.protocol import SparseVector

_SATURATION = 1.2  # k1
_LENGTH_NORMALISATION = 0.75  # b


class Bm25Encoder:
    """The term-frequency part of Okapi BM25 (Robertson and Zaragoza 2009, eq. 3.15); the engine adds the IDF part.

    `average_length` is the mean number of tokens of the collection's documents; queries do not depend on it.
    """

    def __init__(self, average_length: float) -> None:
        if average_length <= 0:
            raise ValueError(f"average_length must be positive, not {average_length}")
        self._average_length = average_length

    def query(self, text: str) -> SparseVector:
        """Each term once, with weight 1."""
        return _vector({term_id(token): 1.0 for token in tokens(text)})

    def document(self, text: str) -> SparseVector:
        counts = Counter(term_id(token) for token in tokens(text))
        relative_length = counts.total() / self._average_length
        damping = _SATURATION * (1 - _LENGTH_NORMALISATION + _LENGTH_NORMALISATION * relative_length)
        return _vector({term: n * (_SATURATION + 1) / (n + damping) for term, n in counts.items()})


def term_id(token: str) -> int:
    """An unsigned 32-bit number, the same in every process; among 50,000 terms a clash is unlikely."""
    return zlib.crc32(token.encode())


def _vector(weights: dict[int, float]) -> SparseVector:
    ordered = sorted(weights.items())
    return SparseVector(tuple(term for term, _ in ordered), tuple(weight for _, weight in ordered))
