"""An open question gets products that stand for different wishes: of each kind a few, of what goes together one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrievers.ranking.candidates import Candidate
from retrievers.ranking.forecast import TENFOLDS, likeness

_PER_KIND = 3  # of an open question's products, while other kinds are left


@dataclass(frozen=True, slots=True)
class Ranked:
    candidate: Candidate
    score: float
    contributions: Mapping[str, float]


def varied(ranked: Sequence[Ranked], k: int) -> list[Ranked]:
    """The k products to show, from products ordered by score.

    Each is chosen for what its chance is still worth beside those chosen already: products of one order are bought or
    left together, so `chance * (1 - likeness)` counts (maximal marginal relevance, Carbonell and Goldstein 1998).
    """
    kinds: Counter[str] = Counter()
    chosen: list[Ranked] = []
    rest = list(ranked)
    while rest and len(chosen) < k:
        open_kinds = [item for item in rest if kinds[_kind(item)] < _PER_KIND]
        best = _next(open_kinds or rest, chosen)
        chosen.append(best)
        rest = [item for item in rest if item is not best]
        kinds[_kind(best)] += 1
    return chosen


def _next(ordered: Sequence[Ranked], chosen: Sequence[Ranked]) -> Ranked:
    """Looks no further than where even an unlike product could not win."""
    best, most = ordered[0], -math.inf
    for item in ordered:
        if item.score <= most:
            break
        worth = item.score + _discount(item, chosen)
        if worth > most:
            best, most = item, worth
    return best


def _discount(item: Ranked, chosen: Sequence[Ranked]) -> float:
    like = max((likeness(item.candidate, other.candidate) for other in chosen), default=0.0)
    return math.log10(1 - like) / TENFOLDS


def _kind(item: Ranked) -> str:
    return str(item.candidate.evidence.metadata.get("kind") or item.candidate.product_id)
