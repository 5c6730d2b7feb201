"""What comes nearest when no product keeps every limit: which limits may give, and how far off a product is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrievers.facets import attribute_names
from retrievers.measures.units import units
from retrievers.ranking.candidates import Candidate, keeps
from retrievers.records import FilterItem, FilterPlan, NearMiss, Reading

OFFERED = 3
_UNKNOWN = 2.0  # how far off what is not stated counts; another brand or colour counts 1
_RELATED = 0.5  # of the best one's score, for a product to be what was asked for


def givable(plan: FilterPlan) -> tuple[FilterItem, ...]:
    """Limits a near miss may break: what was ruled out stays ruled out."""
    return tuple(item for item in plan.honoured if item.origin in ("stated", "declared") and item.op != "not_in")


def looser(plan: FilterPlan) -> list[FilterPlan]:
    """The plan without one of those limits, for each of them, and without all of them."""
    given = givable(plan)
    alone = [_without(plan, (item,)) for item in given]
    return [*alone, _without(plan, given)] if len(given) > 1 else alone


def nearest(candidates: Iterable[Candidate], reading: Reading, plan: FilterPlan) -> tuple[NearMiss, ...]:
    """The products that break their limits by least, with those limits; of the kind asked for if there are any.

    A figure's distance is relative to the limit; among equals the better match comes first.
    """
    given = givable(plan)
    firm = [item for item in plan.honoured if item not in given]
    distinct = {candidate.product_id: candidate for candidate in candidates}
    allowed = [candidate for candidate in distinct.values() if all(keeps(candidate, item) for item in firm)]
    misses = [
        (candidate, [item for item in given if not keeps(candidate, item)]) for candidate in _asked(allowed, reading)
    ]
    ranked = sorted(
        ((candidate, broken) for candidate, broken in misses if broken),
        key=lambda miss: (sum(_distance(miss[0], item) for item in miss[1]), -miss[0].base, miss[0].product_id),
    )
    return tuple(NearMiss(replace(one.evidence, score=round(one.base, 4)), tuple(broken)) for one, broken in ranked)[
        :OFFERED
    ]


def _asked(candidates: Sequence[Candidate], reading: Reading) -> Sequence[Candidate]:
    if reading.intent == "open":
        return candidates
    of_kind = [one for one in candidates if reading.head in (one.evidence.metadata.get("heads") or ())]
    found = of_kind or candidates
    best = max((one.base for one in found), default=0.0)
    return [one for one in found if one.base >= _RELATED * best]


def _distance(candidate: Candidate, item: FilterItem) -> float:
    if not isinstance(item.value, int | float):
        return 1.0
    figures = _figures(candidate, item)
    bound = float(item.value) * (units()[item.unit].factor if item.unit else 1.0)
    return min((abs(figure - bound) / max(abs(bound), 1e-9) for figure in figures), default=_UNKNOWN)


def _figures(candidate: Candidate, item: FilterItem) -> list[float]:
    measures = candidate.facets.measures
    if names := attribute_names(item.field):
        return [measures[name] for name in names if name in measures]
    figure = candidate.price if item.field == "price" else candidate.rating
    return [] if figure is None else [figure]


def _without(plan: FilterPlan, given: Sequence[FilterItem]) -> FilterPlan:
    return replace(plan, honoured=tuple(item for item in plan.honoured if item not in given))
