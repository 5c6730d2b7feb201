"""Which products are bought in the same order, more than chance would have it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

_NEIGHBOURS = 20  # kept of each product: enough to tell which of two hundred candidates go together
_DOUBT = 5.0  # orders added to each product's, so that two that met once by chance are no pair
_LEAST = 0.02  # weaker than this is no company worth naming

Numbers = NDArray[np.int32]


class BoughtTogether:
    """Keeps the orders as they are and counts when asked: memory grows with orders, never with pairs of products.

    Counts whole days, as a job that runs at night does: what a day's orders say is known the day after.
    """

    def __init__(self) -> None:
        self._day: date | None = None
        self._today: list[Sequence[str]] = []
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._held_in: list[array[int]] = []  # by product number: numbers of orders
        self._held: array[int] = array("i")  # by product number: how many orders
        self._bought: array[int] = array("i")  # product numbers, order after order
        self._starts: array[int] = array("i", [0])  # by order number: where in `_bought` it begins
        self._counted: dict[str, dict[str, float]] = {}

    def record(self, products: Sequence[str], day: date) -> None:
        self._turn_to(day)
        self._today.append(products)

    def neighbours(self, product: str, day: date) -> dict[str, float]:
        """Strength in (0, 1] by product, strongest first.

        The cosine of the products' orders, `n_ij / sqrt((n_i + d) (n_j + d))` with d orders of doubt.
        """
        self._turn_to(day)
        number = self._numbers.get(product)
        if number is None:
            return {}
        if product not in self._counted:
            self._counted[product] = self._count(number)
        return self._counted[product]

    def _turn_to(self, day: date) -> None:
        if day == self._day:
            return
        for products in self._today:
            self._add(products)
        self._today.clear()
        self._counted.clear()
        self._day = day

    def _add(self, products: Sequence[str]) -> None:
        order = len(self._starts) - 1
        for product in products:
            number = self._number(product)
            self._held_in[number].append(order)
            self._held[number] += 1
            self._bought.append(number)
        self._starts.append(len(self._bought))

    def _count(self, number: int) -> dict[str, float]:
        together = np.bincount(self._company(number), minlength=len(self._names))
        together[number] = 0
        held = np.frombuffer(self._held, dtype=np.int32)
        strength = together / np.sqrt((held[number] + _DOUBT) * (held + _DOUBT))
        worth = np.flatnonzero(strength >= _LEAST)
        best = worth[np.argsort(-strength[worth], kind="stable")][:_NEIGHBOURS]
        return {self._names[other]: round(float(strength[other]), 4) for other in best}

    def _company(self, number: int) -> Numbers:
        """The products of all orders that hold this one, end to end."""
        orders = np.frombuffer(self._held_in[number], dtype=np.int32)
        starts = np.frombuffer(self._starts, dtype=np.int32)
        first, sizes = starts[orders], starts[orders + 1] - starts[orders]
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1]) + np.repeat(first - (ends - sizes), sizes)
        company: Numbers = np.frombuffer(self._bought, dtype=np.int32)[places]
        return company

    def _number(self, product: str) -> int:
        if product not in self._numbers:
            self._numbers[product] = len(self._names)
            self._names.append(product)
            self._held_in.append(array("i"))
            self._held.append(0)
        return self._numbers[product]
