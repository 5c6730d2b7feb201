"""Whose fault a missed expectation is. In doubt the assistant's: a label must be earned by what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.evaluation.experiments.record import Label
from app.evaluation.journeys.checks.products import meets_condition
from app.evaluation.journeys.expectation import Expectation, ProductCondition
from app.evaluation.journeys.seen import Miss, Seen
from app.evaluation.journeys.worlds import World
from app.evaluation.watched import BROKEN
from graphs.answer import FinalAnswer, ProductCard
from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Index, Query
from retrievers.records import Degradation, Evidence, ItemFacts

_SHOWN = frozenset(("first", "all", "any"))  # conditions that some product has to meet


@dataclass(slots=True)
class Labelling:
    """Of one journey. `broken` is the first breakdown it did not ask for; later turns build on what went wrong then."""

    world: World
    index: Index
    broken: Degradation | None = None

    def heard(self, answer: FinalAnswer) -> None:
        """While the journey has anything down, a breakdown may be its own doing and excuses nothing."""
        if self.broken is None and not self.world.down:
            self.broken = next((each for each in answer.degraded if each.kind in BROKEN), None)

    async def label(self, miss: Miss, expected: Expectation | None, seen: Seen) -> Label:
        if self.broken is not None:
            return "infrastructure"
        condition = _condition(miss, expected)
        if condition is not None and not await self._can_be_met(condition, seen):
            return "gold"
        return "agent"

    async def _can_be_met(self, condition: ProductCondition, seen: Seen) -> bool:
        """Whether any product of the catalogue is so, with its price and stock in this world."""
        everything = _catalogue(self.index)
        static = condition.model_copy(update={"price": None, "rating": None, "in_stock": None})
        like = [each for each in everything if meets_condition(static, _card(each), each.metadata, seen)]
        live = await self.world.items([_id(each) for each in like])
        return any(meets_condition(condition, _card(each, live), each.metadata, seen) for each in like)


def _condition(miss: Miss, expected: Expectation | None) -> ProductCondition | None:
    """The one that was missed, where meeting it takes a product at all."""
    name, _, key = miss.assertion.partition(".")
    if expected is None or name not in ("products", "nearest") or key not in _SHOWN:
        return None
    condition: ProductCondition | None = getattr(getattr(expected, name), key)
    return condition


def _catalogue(index: Index) -> Sequence[Evidence]:
    """Every product, whatever is down in the journey."""
    count = index.manifest().counts.get(DocumentType.PRODUCT, 0)
    (hits,) = index.search([Query(DocumentType.PRODUCT, limit=max(1, count))])
    return [hit.evidence for hit in hits]


def _card(evidence: Evidence, live: Mapping[str, ItemFacts] | None = None) -> ProductCard:
    """As far as conditions are about it."""
    facts = (live or {}).get(_id(evidence), ItemFacts(_id(evidence)))
    return ProductCard(
        product_id=_id(evidence),
        title=evidence.title,
        price=facts.price,
        currency="",
        rating=facts.rating,
        in_stock=None if facts.stock is None else facts.stock > 0,
        image_url=None,
        url=None,
    )


def _id(evidence: Evidence) -> str:
    return str(evidence.metadata["product_id"])
