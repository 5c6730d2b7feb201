"""Chooses and orders the products of a turn, and says which facts about the shopper made the difference.

Everything here is a pure function of the candidates and the features, so "what would have been shown without this
feature?" is answered by running it again without the feature.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from retrievers.plan import without_feature
from retrievers.ranking.candidates import Candidate, sort_key, within_limits
from retrievers.ranking.fit import Asked
from retrievers.ranking.forecast import Familiar
from retrievers.ranking.signals import Market, contributions, reason_for
from retrievers.ranking.variety import Ranked, varied
from retrievers.records import FilterItem, FilterPlan, Reading, Reason, ShopperFeatures

POPULARITY = "item_stats:popularity"
_UNKNOWN_POPULARITY = 0.5  # in the middle of the scale of `Candidate.base`
_RELATED_SHARE = 0.4  # products further than this from the best one only fill up the row
_RELEVANT_SHARE = 0.5  # products this near the best one compete on price or rating when asked to


@dataclass(frozen=True, slots=True)
class Pool:
    """What the search brought back. `without` holds the pools a search without one feature's filter would bring.

    `heads` are stems of the kind of thing asked for, by the shopper's name and the catalogue's.
    """

    candidates: tuple[Candidate, ...]
    without: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    familiar: Familiar = field(default_factory=Familiar)
    heads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    products: tuple[Ranked, ...]
    reasons: Mapping[str, tuple[Reason, ...]]  # by product_id, strongest first
    used: frozenset[str]  # features that filtered or moved anything


def select(
    pool: Pool, reading: Reading, plan: FilterPlan, features: ShopperFeatures, k: int, now: datetime
) -> Selection:
    """The k products to show, best first, with causal reasons.

    Where no fact about the shopper made the difference, the shelf's may have: what stands where it does only because
    it is popular says so.
    """
    chosen = choose(pool, reading, plan, features, k, now)
    places = _places(chosen)
    moving = {name for ranked in chosen for name, amount in ranked.contributions.items() if amount}
    filtering = {item.feature for item in plan.honoured if item.feature}
    reasons: dict[str, list[Reason]] = {product_id: [] for product_id in places}
    market = Market.of(pool.candidates, pool.familiar, now)
    for feature in sorted(moving | filtering):
        other = _places_without(feature, pool, reading, plan, features, k, now)
        for ranked in chosen:
            product_id = ranked.candidate.product_id
            if other.get(product_id, k) > places[product_id]:
                reasons[product_id] += _reasons(feature, ranked, plan, features, market)
    if reading.intent == "open":
        level = tuple(replace(candidate, base=_UNKNOWN_POPULARITY) for candidate in pool.candidates)
        other = _places(choose(replace(pool, candidates=level), reading, plan, features, k, now))
        for product_id, found in reasons.items():
            if not found and other.get(product_id, k) > places[product_id]:
                found.append(Reason("popular_default", POPULARITY))
    by_strength = {key: tuple(_strongest_first(found, chosen[places[key]])) for key, found in reasons.items()}
    return Selection(tuple(chosen), by_strength, frozenset(moving | filtering))


def choose(
    pool: Pool, reading: Reading, plan: FilterPlan, features: ShopperFeatures, k: int, now: datetime
) -> list[Ranked]:
    """The k products of `select`, without its reasons; those the request points at are all shown, in their order."""
    if reading.only:
        pinned = (one for one in _pinned(pool, reading) if within_limits(one, plan.honoured))
        return [Ranked(candidate, candidate.base, {}) for candidate in pinned]
    fresh = (candidate for candidate in pool.candidates if candidate.product_id not in reading.without)
    kept = [candidate for candidate in fresh if within_limits(candidate, plan.honoured)]
    market = Market.of(pool.candidates, pool.familiar, now)
    asked = Asked.of(reading)
    scored = [_scored(candidate, asked, features, market) for candidate in kept]
    best_first = sorted(scored, key=lambda r: (-r.score, r.candidate.product_id))
    ordered = _sorted_as_asked(best_first, reading, pool.heads)
    distinct = list(_one_per_family(ordered))
    if reading.intent == "open":
        return distinct[:k] if reading.sort else varied(distinct, k)
    floor = _RELATED_SHARE * max((item.score for item in distinct), default=0.0)
    return [item for item in distinct if item.score >= floor][:k]


def _pinned(pool: Pool, reading: Reading) -> list[Candidate]:
    found = {candidate.product_id: candidate for candidate in pool.candidates}
    pinned, by = [found[product_id] for product_id in reading.only if product_id in found], reading.sort
    return sorted(pinned, key=lambda candidate: sort_key(candidate, by)) if by and reading.again else pinned


def _scored(candidate: Candidate, asked: Asked, features: ShopperFeatures, market: Market) -> Ranked:
    parts = contributions(candidate, features, market, open_question=asked.open)
    return Ranked(candidate, candidate.base + asked.fit(candidate) + sum(parts.values()), parts)


def _sorted_as_asked(ranked: list[Ranked], reading: Reading, heads: frozenset[str]) -> list[Ranked]:
    """ "Cheapest" and "lightest" order what is relevant and of the kind asked for, if there is any; the rest follows:
    the cheapest laptop is no laptop sleeve."""
    if reading.sort is None or not ranked:
        return ranked
    floor, by = _RELEVANT_SHARE * ranked[0].score, reading.sort
    near = [item for item in ranked if item.score >= floor]
    relevant = [item for item in near if heads & item.candidate.heads] or near
    rest = [item for item in ranked if item not in relevant]
    return sorted(relevant, key=lambda item: sort_key(item.candidate, by)) + rest


def _one_per_family(ranked: Iterable[Ranked]) -> Iterator[Ranked]:
    seen: set[str] = set()
    for item in ranked:
        if item.candidate.family not in seen:
            seen.add(item.candidate.family)
            yield item


def _places_without(
    feature: str, pool: Pool, reading: Reading, plan: FilterPlan, features: ShopperFeatures, k: int, now: datetime
) -> dict[str, int]:
    others = {name: value for name, value in features.items() if name != feature}
    candidates = pool.without.get(feature, pool.candidates)
    chosen = choose(replace(pool, candidates=candidates), reading, without_feature(plan, feature), others, k, now)
    return _places(chosen)


def _places(chosen: Sequence[Ranked]) -> dict[str, int]:
    return {ranked.candidate.product_id: place for place, ranked in enumerate(chosen)}


def _reasons(feature: str, ranked: Ranked, plan: FilterPlan, features: ShopperFeatures, market: Market) -> list[Reason]:
    moved = reason_for(feature, ranked.candidate, features, market)
    filtered = next((item for item in plan.honoured if item.feature == feature), None)
    found = [moved] if moved else []
    if filtered is not None and filtered.field != "category":
        found.append(_filter_reason(filtered, ranked.candidate))
    return found


def _filter_reason(item: FilterItem, candidate: Candidate) -> Reason:
    feature = item.feature or ""
    if item.field == "price":
        kinds = {"user_profile:budget_limit": "budget_limit", "user_profile:onboarding_budget": "onboarding_budget"}
        currency = candidate.evidence.metadata.get("currency", "USD")
        return Reason(kinds.get(feature, "usual_spend"), feature, {"amount": item.value, "currency": currency})
    if item.field == "brand":
        return Reason("excluded_brand", feature, {"brands": list(item.value) if isinstance(item.value, tuple) else []})
    return Reason(
        "excluded_material", feature, {"materials": list(item.value) if isinstance(item.value, tuple) else []}
    )


def _strongest_first(reasons: Sequence[Reason], ranked: Ranked) -> list[Reason]:
    """Declared limits first, then by what each feature added."""
    declared = {"budget_limit", "onboarding_budget"}
    return sorted(reasons, key=lambda r: (r.kind not in declared, -ranked.contributions.get(r.feature, 0.0)))
