"""Whether those who bought a product buy it again: what makes coffee a plus and a winter coat a minus.

A later order of somebody who has the product is a chance, taken when it holds the product again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

_DOUBT = 20.0  # chances for which a product is taken to be like its kind, and a kind like the whole shop


class Repurchases:
    """Counts chances by product, by kind and in the whole shop; each rate leans on the next wider one."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._chances: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()
        self._kind_chances: Counter[str | None] = Counter()
        self._kind_taken: Counter[str | None] = Counter()

    def record(self, products: Sequence[str], owned: Collection[str]) -> None:
        """`owned` is what the shopper had bought before this order."""
        again = [product for product in products if product in owned]
        self._chances.update(iter(owned))  # a dictionary would count as counts
        self._kind_chances.update(map(self._kinds.get, owned))
        self._taken.update(again)
        self._kind_taken.update(map(self._kinds.get, again))

    def rate(self, product: str) -> float:
        """The share of its buyers' later orders that held it again, in [0, 1]."""
        chances = self._kind_chances.total()
        expected = self._kind_taken.total() / chances if chances else 0.0
        kind = self._kinds.get(product)
        if kind is not None:
            expected = _shrunk(self._kind_taken[kind], self._kind_chances[kind], expected)
        return _shrunk(self._taken[product], self._chances[product], expected)


def _shrunk(taken: int, chances: int, expected: float) -> float:
    return (taken + _DOUBT * expected) / (chances + _DOUBT)
