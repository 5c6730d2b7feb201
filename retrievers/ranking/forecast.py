"""How likely a shopper's next order holds a product, from the orders of this shopper and of everybody.

A product the shopper has is bought again with `times bought * repurchase rate * trend`; one the shopper has not, with
its place on the shelf and what it goes with. Chances are compared by `level`, on which preferences are then added.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from retrievers.ranking.candidates import Candidate
from retrievers.records import Evidence, FeatureValue, ItemFacts, ShopperFeatures

PURCHASED = "user_purchases:purchased_products"
LAST_PURCHASE = "user_session:last_purchase_product"
COMPANIONS = 30  # candidates that go with what was bought
_LEAST, TENFOLDS = 1e-4, 3  # chances of one in ten thousand to one in ten fill the scale
# From a year of a gift shop's orders, where the quality of the forecast is flat around all three.
_FIRST, _FALL = 0.06, 16.0  # chance of the product that sells best, and the place where it is half of that
_COMPANY = 0.06  # chance of what always goes with something bought, more than others have


@dataclass(frozen=True, slots=True)
class Companion:
    """`of` is the product bought, `strength` in (0, 1] how often the two are bought together."""

    of: str
    strength: float


@dataclass(frozen=True, slots=True)
class Familiar:
    """By product id: the products bought and their companions, as far as the shop has them; and whose companions.

    `facts` are of the products bought.
    """

    products: Mapping[str, Evidence] = field(default_factory=dict)
    companions: Mapping[str, Companion] = field(default_factory=dict)
    facts: Mapping[str, ItemFacts] = field(default_factory=dict)


def level(chance: float) -> float:
    """The chance on a scale where 0 is one in ten thousand and 1 is one in ten."""
    return math.log10(max(chance, _LEAST) / _LEAST) / TENFOLDS


def place_level(place: int) -> float:
    """The level of a product about which only its place in order of popularity is known, from 0."""
    return level(_FIRST / (1 + place / _FALL))


def purchased(features: ShopperFeatures) -> Mapping[str, float]:
    """Times bought by product id, the most often bought first."""
    value = features.get(PURCHASED)
    if value is None or not value.readable:
        return {}
    times: Mapping[str, float] = value.value
    return dict(sorted(times.items(), key=lambda item: -item[1]))


def bought_last(features: ShopperFeatures) -> str | None:
    value = features.get(LAST_PURCHASE)
    return str(value.value) if value is not None and value.readable and value.status != "default" else None


def companions(owned: Iterable[ItemFacts]) -> dict[str, Companion]:
    """The products that go best with something owned, and are not owned themselves, strongest first."""
    facts = list(owned)
    mine = {fact.product_id for fact in facts}
    best: dict[str, Companion] = {}
    for fact in facts:
        for product_id, strength in (fact.bought_together or {}).items():
            if product_id not in mine and (product_id not in best or strength > best[product_id].strength):
                best[product_id] = Companion(fact.product_id, strength)
    ranked = sorted(best, key=lambda product_id: (-best[product_id].strength, product_id))
    return {product_id: best[product_id] for product_id in ranked[:COMPANIONS]}


def gain(value: FeatureValue, candidate: Candidate, familiar: Familiar, reference: float) -> float:
    """By how much what was bought before lifts a product above `reference`, a level; negative when it sinks it.

    Nothing where orders tell nothing of the product.
    """
    times = value.value.get(candidate.product_id)
    if times is not None:
        again = _again(float(times), candidate.facts)
        return 0.0 if again is None else level(again) - reference
    companion = familiar.companions.get(candidate.product_id)
    if companion is None:
        return 0.0
    return level(chance(reference) + _COMPANY * companion.strength) - reference


def chance(of_level: float) -> float:
    """The inverse of `level`."""
    return _LEAST * math.pow(10, of_level * TENFOLDS)


def likeness(first: Candidate, second: Candidate) -> float:
    """How much buying one says about buying the other, in [0, 1)."""
    strengths = (_strength(first, second), _strength(second, first))
    return min(max(strengths), 0.99)


def _again(times: float, facts: ItemFacts | None) -> float | None:
    if facts is None or facts.repurchase_rate is None:
        return None
    return times * facts.repurchase_rate * (1.0 if facts.trend is None else facts.trend)


def _strength(first: Candidate, second: Candidate) -> float:
    known = first.facts.bought_together if first.facts else None
    return (known or {}).get(second.product_id, 0.0)
