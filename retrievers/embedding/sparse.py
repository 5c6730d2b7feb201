"""BM25 term weights as sparse vectors."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence

from retrievers.embedding.tokens import tokens
from retrievers.index.protocol import SparseVector

_SATURATION = 1.2  # k1
_LENGTH_NORMALISATION = 0.75  # b
FIELD_WEIGHTS = (1.0, 1.0, 0.5)  # of a document's name, its description, and its details


class Bm25Encoder:
    """The term-frequency part of Okapi BM25 (Robertson and Zaragoza 2009, eq. 3.15); the engine adds the IDF part.

    A term counts once, in the field where it counts most: a name repeated in the description says nothing new.
    `average_lengths` are the mean numbers of tokens of the collection's fields; queries do not depend on them.
    """

    def __init__(self, average_lengths: Sequence[float] = (1.0,) * len(FIELD_WEIGHTS)) -> None:
        if any(length <= 0 for length in average_lengths):
            raise ValueError(f"average_lengths must be positive, not {list(average_lengths)}")
        self._average_lengths = average_lengths

    @classmethod
    def learn(cls, documents: Sequence[Sequence[Sequence[str]]]) -> Bm25Encoder:
        """With the mean lengths of these documents' fields, those that are empty not counted."""
        columns = ([len(field) for field in column if field] for column in zip(*documents, strict=True))
        return cls([sum(lengths) / len(lengths) if lengths else 1.0 for lengths in columns])

    def query(self, text: str) -> SparseVector:
        """Each term once, with weight 1."""
        return _vector({term_id(token): 1.0 for token in tokens(text)})

    def document(self, fields: Sequence[Sequence[str]]) -> SparseVector:
        """From the tokens of each field, in the order of `FIELD_WEIGHTS`; fields at the end may be left out."""
        weights: dict[int, float] = {}
        for field, average, weight in zip(fields, self._average_lengths, FIELD_WEIGHTS, strict=False):
            damping = _SATURATION * (1 - _LENGTH_NORMALISATION + _LENGTH_NORMALISATION * len(field) / average)
            for token, count in Counter(field).items():
                term, frequency = term_id(token), count * (_SATURATION + 1) / (count + damping)
                weights[term] = max(weights.get(term, 0.0), weight * frequency)
        return _vector(weights)


def term_id(token: str) -> int:
    """An unsigned 32-bit number, the same in every process; among 50,000 terms a clash is unlikely."""
    return zlib.crc32(token.encode())


def _vector(weights: dict[int, float]) -> SparseVector:
    ordered = sorted(weights.items())
    return SparseVector(tuple(term for term, _ in ordered), tuple(weight for _, weight in ordered))
