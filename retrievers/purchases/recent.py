"""How often a product is bought lately, and whether that is more or less than it used to be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

_HALF_LIFE = timedelta(days=7)  # a week holds every weekday once; two weeks predict as well, four worse
_DOUBT = 20.0  # orders for which a product is taken to sell as it always did
_RARE = 0.005  # what sells in fewer than one in two hundred orders has no trend worth believing


class _Fading:
    """A count that loses half its worth in every half-life."""

    __slots__ = ("_amount", "_time")

    def __init__(self) -> None:
        self._amount, self._time = 0.0, datetime.min

    def add(self, time: datetime) -> None:
        self._amount, self._time = self.at(time) + 1.0, time

    def at(self, time: datetime) -> float:
        if not self._amount:
            return 0.0
        return self._amount * math.pow(0.5, (time - self._time) / _HALF_LIFE)


class RecentShares:
    """Shares of orders that held a product, recent orders counting most."""

    def __init__(self) -> None:
        self._orders, self._lately = 0, _Fading()
        self._held: dict[str, int] = {}
        self._held_lately: dict[str, _Fading] = {}

    def record(self, products: Iterable[str], time: datetime) -> None:
        self._orders += 1
        self._lately.add(time)
        for product in products:
            self._held[product] = self._held.get(product, 0) + 1
            self._held_lately.setdefault(product, _Fading()).add(time)

    def share(self, product: str, at: datetime) -> float:
        """Of recent orders, shrunk towards the share of all orders by as many of those as `_DOUBT`."""
        if product not in self._held:
            return 0.0
        ever = self._held[product] / self._orders
        return (self._held_lately[product].at(at) + _DOUBT * ever) / (self._lately.at(at) + _DOUBT)

    def trend(self, product: str, at: datetime) -> float | None:
        """The recent share over the share of all orders, the rarer the nearer to 1; None for what was never bought."""
        if product not in self._held:
            return None
        return (self.share(product, at) + _RARE) / (self._held[product] / self._orders + _RARE)

    def products(self) -> tuple[str, ...]:
        return tuple(sorted(self._held, key=lambda product: (-self._held[product], product)))
