"""What a simulated shopper does with a list of cards: looks down from the top, clicks, and now and then buys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp
from random import Random

from app.evaluation.online.simulation.past import SimulatedShopper
from app.evaluation.online.simulation.taste import Shelf
from tools.ports import EventKind

# Position-based model: a card is examined with probability (1/rank)^eta, and an examined one is clicked if it attracts
# (Craswell et al. 2008; the power law with this eta: Joachims, Swaminathan and Schnabel 2017).
_ETA = 1.0
_INDIFFERENT = 1.5  # utility at which every other examined card is clicked
_CART, _BUY = 0.5, 0.6


def behaviour(
    shopper: SimulatedShopper, products: Sequence[str], shelf: Shelf, rng: Random
) -> Iterator[tuple[EventKind, int]]:
    """What happens at which position (from 0). What is liked more is also bought more often."""
    for position, product_id in enumerate(products):
        product = shelf.products.get(product_id)
        if product is None:
            continue
        attracts = 1 / (1 + exp(_INDIFFERENT - shopper.taste.utility(product, shelf, shopper.bought)))
        examined, clicked, carted, bought = (rng.random() for _ in range(4))
        if examined >= (1 / (position + 1)) ** _ETA or clicked >= attracts:
            continue
        yield "click", position
        if carted < _CART * attracts:
            yield "cart", position
            if bought < _BUY:
                yield "purchase", position
