"""Shown, clicked, put into the cart, bought: which card of which answer an event is owed to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.evaluation.online.logs import Exposure
from tools.ports import ShopperEvent

WINDOW = timedelta(days=7)
_KINDS = ("click", "cart", "purchase")


@dataclass(slots=True)
class Card:
    """A product at its position (from 0) in one answer, and what came of it; each stage counts once a card."""

    run_id: str
    user_id: str
    product_id: str
    position: int
    shown: datetime
    clicked: bool = False
    carted: bool = False
    bought: bool = False
    revenue: float = 0.0  # of every purchase owed to the card


@dataclass(frozen=True, slots=True)
class Attributed:
    """`orphans` are clicks, carts and purchases owed to no card: found otherwise, or too long after it.

    `named` are owed to the card of the answer they name, `guessed` to the last that showed their product.
    """

    cards: tuple[Card, ...]
    named: int
    guessed: int
    orphans: int


def attributed(exposures: Iterable[Exposure], events: Iterable[ShopperEvent], window: timedelta = WINDOW) -> Attributed:
    """An event is owed to the card it names by its run, else to the last card that showed its product (last touch).

    Either must have been shown to the same shopper at most `window` before. An event told twice happened once.
    """
    cards = defaultdict[tuple[str, str], list[Card]](list)
    seen: dict[str, Exposure] = {}
    for shown in sorted(exposures, key=lambda each: each.time):
        if shown.run_id in seen:
            continue
        seen[shown.run_id] = shown
        for position, product_id in enumerate(dict.fromkeys(shown.products)):
            card = Card(shown.run_id, shown.user_id, product_id, position, shown.time)
            cards[shown.user_id, product_id].append(card)
    told = {(event.user_id, event.event_id): event for event in events if event.kind in _KINDS}
    owed = Counter[str]()
    for event in told.values():
        touched = _touched(cards.get((event.user_id, event.product_id), ()), event, window)
        owed[_how(touched, event)] += 1
        if touched is not None:
            _credit(touched, event)
    shown_cards = tuple(card for each in cards.values() for card in each)
    return Attributed(shown_cards, owed["named"], owed["guessed"], owed["orphan"])


def _how(touched: Card | None, event: ShopperEvent) -> str:
    if touched is None:
        return "orphan"
    return "named" if touched.run_id == event.run_id else "guessed"


def _touched(cards: Sequence[Card], event: ShopperEvent, window: timedelta) -> Card | None:
    before = [card for card in cards if timedelta() <= event.time - card.shown <= window]
    named = next((card for card in before if card.run_id == event.run_id), None)
    return named or (before[-1] if before else None)


def _credit(card: Card, event: ShopperEvent) -> None:
    match event.kind:
        case "click":
            card.clicked = True
        case "cart":
            card.carted = True
        case "purchase":
            card.bought = True
            card.revenue += (event.price or 0.0) * event.quantity
