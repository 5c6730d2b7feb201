"""The histories of the three shoppers the page introduces, told with whatever products the seed has made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from app.demo.shoppers import Event, Profile, Shopper
from retrievers.catalogue import Product

BUDGET_LIMIT = 500.0  # dollars; Priya's
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Shelf:
    """Finds well-liked products in stock by kind and price."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = [product for product in products if product.stock and (product.rating_count or 0) >= 2]

    def near(self, kind: str, price: float, wanted: str = "") -> str:
        """The id of the best-rated of the three nearest in price whose title contains `wanted`."""
        nearest = sorted(self._of(kind, wanted), key=lambda product: abs((product.price or 0) - price))[:3]
        return max(nearest, key=lambda product: (product.rating or 0, product.product_id)).product_id

    def spread(self, kind: str, low: float, high: float, count: int) -> list[str]:
        """Ids of `count` products at prices from low to high, dearest last."""
        within = [product for product in self._of(kind) if low <= (product.price or 0) <= high]
        ordered = sorted(within, key=lambda product: (product.price or 0, product.product_id))
        return [ordered[place * (len(ordered) - 1) // (count - 1)].product_id for place in range(count)]

    def _of(self, kind: str, wanted: str = "") -> Iterable[Product]:
        return (product for product in self._products if product.kind == kind and wanted in product.title)


def featured_histories(products: Sequence[Product]) -> tuple[Shopper, ...]:
    shelf = Shelf(products)
    return (_maya(shelf), _jonas(shelf), _priya(shelf))


def _maya(shelf: Shelf) -> Shopper:
    """Trains for a marathon: buys for running all the time, running shoes last week, and was not in the shop today."""
    shoes, gel = shelf.near("running shoe", 150, "Road"), shelf.near("energy gel", 30)
    bought = [
        (shelf.near("rain jacket", 170), 120 * _DAY),
        (gel, 62 * _DAY),
        (shelf.near("running sock", 20), 41 * _DAY),
        (gel, 41 * _DAY),
        (gel, 24 * _DAY),
        (shoes, 6 * _DAY),
    ]
    looked = shelf.spread("running shoe", 110, 190, 4)
    views = [
        Event("view", product_id, 6 * _DAY + (8 - 2 * place) * _MINUTE, 2.0) for place, product_id in enumerate(looked)
    ]
    later = [shelf.near("running watch", 140), shelf.near("running belt", 30), shelf.near("running bottle", 25)]
    views += [
        Event("view", product_id, 30 * _HOUR - 3 * place * _MINUTE, 3.0) for place, product_id in enumerate(later)
    ]
    return Shopper("maya", (*_purchases(bought), *views))


def _jonas(shelf: Shelf) -> Shopper:
    """Looked at winter coats for twenty minutes yesterday and left without one."""
    start, coats = 16 * _HOUR, shelf.spread("winter coat", 110, 250, 6)
    minutes = (3.0, 4.0, 2.0, 5.0, 3.0, 3.0)
    ages = [start - sum(minutes[:place]) * _MINUTE for place in range(len(coats))]
    views = [Event("view", coat, age, spent) for coat, age, spent in zip(coats, ages, minutes, strict=True)]
    clicks = [Event("click", view.product_id, view.age - _MINUTE) for view in views[1::2]]
    bought = [(shelf.near("suitcase", 180), 75 * _DAY), (shelf.near("rain jacket", 150), 48 * _DAY)]
    return Shopper("jonas", (*_purchases(bought), *views, *clicks))


def _priya(shelf: Shelf) -> Shopper:
    """Furnishes a home office. Her usual spend would allow more than the limit she set, so the limit is what binds."""
    bought = [(shelf.near("desk", 440, "Standing"), 20 * _DAY), (shelf.near("office chair", 430), 9 * _DAY)]
    lamps = [shelf.near("desk lamp", price) for price in (60, 120)]
    views = [Event("view", lamp, 2 * _DAY - 4 * place * _MINUTE, 4.0) for place, lamp in enumerate(lamps)]
    return Shopper("priya", (*_purchases(bought), *views), Profile(12 * _DAY, budget_limit=BUDGET_LIMIT))


def _purchases(bought: Iterable[tuple[str, timedelta]]) -> list[Event]:
    return [Event("purchase", product_id, age) for product_id, age in bought]
