"""The least cosine worth showing, measured on the collection itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.ingestion.points import Passage
from retrievers.catalogue import DocumentType
from retrievers.embedding.protocol import Embedder
from retrievers.index.protocol import Vector

_SAMPLE = 200
_OWN_PERCENTILE = 2
_STRANGER_PERCENTILE = 90
_NEVER_STRANGER_PERCENTILE = 99


@dataclass(frozen=True, slots=True)
class Calibration:
    """Per type present: the recall floor, and the cosine above which likeness alone means something."""

    floors: Mapping[str, float]
    strangers: Mapping[str, float]


def calibrate(passages: Sequence[Passage], vectors: Vector, embedder: Embedder) -> Calibration:
    """`vectors` has one row a passage."""
    rows: dict[DocumentType, list[int]] = {}
    for row, passage in enumerate(passages):
        rows.setdefault(passage.evidence.type, []).append(row)
    measured = {
        str(kind): _measure([passages[row] for row in group], vectors[group], embedder) for kind, group in rows.items()
    }
    return Calibration(
        floors={kind: floor for kind, (floor, _) in measured.items()},
        strangers={kind: stranger for kind, (_, stranger) in measured.items()},
    )


def _measure(passages: Sequence[Passage], vectors: Vector, embedder: Embedder) -> tuple[float, float]:
    """A recall floor, the 2nd percentile of what requests score with the text they stand for; and what strangers score.

    Shoppers ask less closely than titles do, so the floor is never above the 90th percentile of what the requests score
    with other texts: higher, it would cost answers without keeping strangers out. With nobody to keep out both are 0.
    """
    sample = _sample(passages)
    requests = np.array([_request(passages[row]) for row in sample])
    if len(set(requests)) < 2:
        return 0.0, 0.0
    queries = np.stack([embedder.query(str(request)) for request in requests])
    cosines = queries @ vectors[sample].T
    own = float(np.percentile(np.diag(cosines), _OWN_PERCENTILE))
    usual, rare = np.percentile(
        cosines[requests[:, None] != requests[None, :]], (_STRANGER_PERCENTILE, _NEVER_STRANGER_PERCENTILE)
    )
    return round(max(0.0, min(own, float(usual))), 4), round(max(0.0, float(rare)), 4)


def _sample(passages: Sequence[Passage]) -> list[int]:
    """The same rows on every build, spread over the collection whatever the order of ids."""
    usable = [row for row, passage in enumerate(passages) if _request(passage)]
    return sorted(usable, key=lambda row: hashlib.sha256(passages[row].evidence.id.encode()).digest())[:_SAMPLE]


def _request(passage: Passage) -> str:
    """What someone might ask for: a kind of product, as nobody types a model's full name, or else a title."""
    return str(passage.payload.get("kind") or passage.evidence.title)
