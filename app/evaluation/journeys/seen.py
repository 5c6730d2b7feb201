"""What can be judged after a turn: the answer, those before it, and what the shop holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.evaluation.journeys.values import Shown
from graphs.answer import Filters, FinalAnswer, Guard, ProductCard, Receipt
from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Index
from tools.shop.records import Cart, Order


@dataclass(frozen=True, slots=True)
class Miss:
    """An expectation that was not met: its key, what it says, and what was there instead."""

    assertion: str
    expected: Any
    found: Any


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the shop has stored for one shopper; `prices` are today's, of what is in the cart."""

    cart: Cart
    orders: tuple[Order, ...]
    preferences: Mapping[str, Any]
    prices: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Seen:
    """`turns` are the answers so far, the one to be judged the last of them."""

    turns: Sequence[FinalAnswer]
    holdings: Holdings
    index: Index

    @property
    def final(self) -> FinalAnswer:
        return self.turns[-1]

    def cards(self, turn: int) -> tuple[ProductCard, ...]:
        """Of an earlier turn, counted from 1."""
        return self.turns[turn - 1].products

    def card(self, shown: Shown) -> ProductCard | None:
        """None when so many were not shown."""
        cards = self.cards(shown.turn)
        return cards[shown.nth - 1] if shown.nth <= len(cards) else None

    def product_id(self, ref: str | Shown) -> str:
        if isinstance(ref, str):
            return ref
        card = self.card(ref)
        return card.product_id if card else f"(turn {ref.turn} showed no product {ref.nth})"

    def catalogue(self, product_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Catalogue rows as plain JSON by product id."""
        found = self.index.fetch([f"{DocumentType.PRODUCT}/{product_id}" for product_id in product_ids])
        return {str(evidence.metadata["product_id"]): evidence.metadata for evidence in found}


def empty_answer(thread_id: str = "") -> FinalAnswer:
    """What an assistant says that does nothing: the control that no journey may be content with."""
    receipt = Receipt(prompt_sha256="", index_generation=None, evidence={}, features={})
    return FinalAnswer(
        answer="",
        citations=(),
        products=(),
        filters=Filters(),
        features=(),
        claims=(),
        degraded=(),
        guard=Guard(),
        actions=(),
        model="none",
        timings_ms={},
        trace_id="",
        thread_id=thread_id,
        receipt=receipt,
    )
