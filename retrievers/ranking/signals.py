"""How each fact about the shopper moves a product: small, signed, bounded, and kept apart by feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from retrievers.ranking.candidates import Candidate
from retrievers.ranking.forecast import LAST_PURCHASE, PURCHASED, Familiar, bought_last, gain, level
from retrievers.records import Evidence, FeatureValue, Reason, ShopperFeatures

BOUND = 0.25  # of the score range: preferences decide between near equals, never against what was asked for
OPEN_BOUND = 0.5  # "what should I buy?" asks for nothing but the shopper's own taste: worth a thirtyfold chance
_OPEN_GAIN = 2.0
_SEARCHED = level(0.01)  # a product searched for that sinks below this chance because it was bought is had already
_SEARCH_GAIN = 0.3
SENSITIVE_TO_PRICE = 0.7  # above: value is emphasised, else quality (DESIGN section 2)
_RECENT_PURCHASE = timedelta(days=60)
_DEMOTION = 0.3  # of something just like what was bought recently
_REPLENISHED = 0.05  # one in twenty of its buyers' later orders: such a kind is not done with when bought
_TOP_RATING = 4.5


@dataclass(frozen=True, slots=True)
class Market:
    """What the signals compare a product with: the other candidates, what was bought before and the time."""

    median_price: float | None
    familiar: Familiar
    now: datetime

    @classmethod
    def of(cls, candidates: Sequence[Candidate], familiar: Familiar, now: datetime) -> Market:
        prices = [candidate.price for candidate in candidates if candidate.price is not None]
        return cls(median(prices) if prices else None, familiar, now)


@dataclass(frozen=True, slots=True)
class Signal:
    """`strength` is in [-1, 1]; `reason` fills in the phrase shown when the signal helped."""

    feature: str
    weight: float
    kind: str
    strength: Callable[[FeatureValue, Candidate, Market, ShopperFeatures], float]
    params: Callable[[FeatureValue, Candidate, ShopperFeatures], Mapping[str, Any]]


def contributions(
    candidate: Candidate, features: ShopperFeatures, market: Market, *, open_question: bool
) -> dict[str, float]:
    """What each feature adds to the candidate's score; their sum stays within the bound by scaling all alike.

    For an open question what was bought before is no preference but a forecast on the scale of the score itself, and
    has no bound.
    """
    parts = _preferences(candidate, features, market, _OPEN_GAIN if open_question else 1.0)
    forecast = _forecast(candidate, features, market, candidate.base if open_question else _SEARCHED)
    if open_question:
        return {**_bounded(parts, OPEN_BOUND), **forecast}
    return _bounded({**parts, **{name: _SEARCH_GAIN * amount for name, amount in forecast.items()}}, BOUND)


def _preferences(candidate: Candidate, features: ShopperFeatures, market: Market, times: float) -> dict[str, float]:
    parts: dict[str, float] = {}
    for signal in SIGNALS:
        value = features.get(signal.feature)
        if value is None or not value.readable:
            continue
        amount = times * signal.weight * signal.strength(value, candidate, market, features)
        if amount:
            parts[signal.feature] = parts.get(signal.feature, 0.0) + amount
    return parts


def _forecast(candidate: Candidate, features: ShopperFeatures, market: Market, reference: float) -> dict[str, float]:
    value = features.get(PURCHASED)
    if value is None or not value.readable:
        return {}
    amount = gain(value, candidate, market.familiar, reference)
    return {PURCHASED: amount} if amount else {}


def _bounded(parts: Mapping[str, float], bound: float) -> dict[str, float]:
    total = abs(sum(parts.values()))
    scale = bound / total if total > bound else 1.0
    return {feature: amount * scale for feature, amount in parts.items()}


def reason_for(feature: str, candidate: Candidate, features: ShopperFeatures, market: Market) -> Reason | None:
    """The phrase for a feature that helped this candidate through the re-rank; one that only filters has none."""
    value = features.get(feature)
    if value is None:
        return None
    if feature == PURCHASED:
        return _purchase_reason(value, candidate, market.familiar)
    for signal in SIGNALS:
        if signal.feature == feature and signal.strength(value, candidate, market, features) > 0:
            kind = signal.kind
            if kind == "quality":
                kind = "value_for_money" if _sensitive(value) else "top_rated"
                if kind == "top_rated" and (candidate.rating or 0) < _TOP_RATING:
                    return None
            return Reason(
                "popular_default" if value.status == "default" else kind,
                feature,
                signal.params(value, candidate, features),
            )
    return None


def _category(value: FeatureValue, candidate: Candidate, _market: Market, _features: ShopperFeatures) -> float:
    wanted = value.value if isinstance(value.value, list | tuple) else [value.value]
    return float(any(str(name).casefold() in candidate.categories for name in wanted))


def _brand(value: FeatureValue, candidate: Candidate, _market: Market, _features: ShopperFeatures) -> float:
    return float(str(value.value).casefold() == candidate.brand)


def _quality(value: FeatureValue, candidate: Candidate, market: Market, _features: ShopperFeatures) -> float:
    if _sensitive(value):
        if candidate.price is None or not market.median_price:
            return 0.0
        return max(-1.0, min(1.0, 1 - candidate.price / market.median_price))
    return 0.0 if candidate.rating is None else max(-1.0, min(1.0, (candidate.rating - 4.0) / 1.0))


def _purchase_reason(value: FeatureValue, candidate: Candidate, familiar: Familiar) -> Reason | None:
    """None where the product bought is no longer known by a name."""
    times = value.value.get(candidate.product_id)
    if times is not None:
        return Reason("bought_once" if times == 1 else "bought_often", PURCHASED, {"times": times})
    companion = familiar.companions.get(candidate.product_id)
    bought = familiar.products.get(companion.of) if companion else None
    return Reason("bought_together", PURCHASED, {"product": bought.title}) if bought else None


def _alike_bought(_value: FeatureValue, candidate: Candidate, market: Market, features: ShopperFeatures) -> float:
    """Negative for the kind of thing bought lately unless people buy it again and again; positive for its company."""
    bought = market.familiar.products.get(bought_last(features) or "")
    if not _lately(features, market.now) or bought is None:
        return 0.0
    if _alike(bought, candidate):
        facts = market.familiar.facts.get(str(bought.metadata["product_id"]))
        return 0.0 if facts and (facts.repurchase_rate or 0.0) >= _REPLENISHED else -1.0
    broad = [str(name).casefold() for name in (bought.metadata.get("category") or ())[:1]]
    return _COMPANION if any(name in candidate.categories for name in broad) else 0.0


def _alike(bought: Evidence, candidate: Candidate) -> bool:
    kind = bought.metadata.get("kind")
    same = candidate.product_id == str(bought.metadata["product_id"])
    return same or (kind is not None and kind == candidate.evidence.metadata.get("kind"))


_COMPANION = 0.2


def _lately(features: ShopperFeatures, now: datetime) -> bool:
    when = features.get("user_session:last_purchased_at")
    if when is None or not when.readable or not isinstance(when.value, datetime):
        return False
    return now - when.value <= _RECENT_PURCHASE


def _sensitive(value: FeatureValue) -> bool:
    return float(value.value) > SENSITIVE_TO_PRICE


def _category_params(value: FeatureValue, candidate: Candidate, features: ShopperFeatures) -> Mapping[str, Any]:
    names = value.value if isinstance(value.value, list | tuple) else [value.value]
    name = next((str(name) for name in names if str(name).casefold() in candidate.categories), str(names[0]))
    return {"category": name}


def _browsed_params(value: FeatureValue, candidate: Candidate, features: ShopperFeatures) -> Mapping[str, Any]:
    minutes = features.get("user_clicks_last_24h:browse_minutes")
    known = minutes.value if minutes is not None and minutes.readable and isinstance(minutes.value, Mapping) else {}
    named = _category_params(value, candidate, features)
    return {**named, "minutes": known.get(named["category"])}


def _purchase_params(_value: FeatureValue, _candidate: Candidate, features: ShopperFeatures) -> Mapping[str, Any]:
    category = features.get("user_session:last_purchase_category")
    return {"category": category.value if category is not None and category.readable else None}


SIGNALS = (
    Signal("user_clicks_last_24h:favorite_category", 0.10, "browsed_category", _category, _browsed_params),
    Signal("user_profile:onboarding_categories", 0.08, "onboarding_category", _category, _category_params),
    Signal("user_behavior:favorite_category", 0.08, "favorite_category", _category, _category_params),
    Signal("user_session:last_viewed_category", 0.05, "last_viewed_category", _category, _category_params),
    Signal(
        "user_session:last_viewed_brand", 0.05, "last_viewed_brand", _brand, lambda value, c, f: {"brand": value.value}
    ),
    Signal(
        "user_behavior:last_viewed_brand", 0.03, "last_viewed_brand", _brand, lambda value, c, f: {"brand": value.value}
    ),
    Signal("user_behavior:price_sensitivity_score", 0.06, "quality", _quality, lambda v, c, f: {"rating": c.rating}),
    Signal(LAST_PURCHASE, _DEMOTION, "after_purchase", _alike_bought, _purchase_params),
)
