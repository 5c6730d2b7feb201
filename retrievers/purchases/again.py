"""Whether those who bought a product buy it again: what makes coffee a plus and a winter coat a minus.

A later order of somebody who has the product is a chance, taken when it holds the product again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from statistics import median

_PRODUCT_DOUBT = 20.0  # chances for which a product is taken to be like its kind, or without one like the whole shop
_KIND_DOUBT = (
    5.0  # chances for which a kind is taken to be like the typical kind: kinds differ more than their products
)


class Repurchases:
    """Counts chances by product, by kind and in the whole shop; each rate leans on the next wider one."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._chances: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()
        self._kind_chances: Counter[str | None] = Counter()
        self._kind_taken: Counter[str | None] = Counter()
        self._typical: float | None = None  # known until the next order

    def record(self, products: Sequence[str], owned: Collection[str]) -> None:
        """`owned` is what the shopper had bought before this order."""
        self._typical = None
        again = [product for product in products if product in owned]
        self._chances.update(iter(owned))  # a dictionary would count as counts
        self._kind_chances.update(map(self._kinds.get, owned))
        self._taken.update(again)
        self._kind_taken.update(map(self._kinds.get, again))

    def rate(self, product: str) -> float:
        """The share of its buyers' later orders that held it again, in [0, 1]."""
        kind = self._kinds.get(product)
        expected = self._of_typical_kind()
        if kind is not None:
            expected = _shrunk(self._kind_taken[kind], self._kind_chances[kind], expected, _KIND_DOUBT)
        return _shrunk(self._taken[product], self._chances[product], expected, _PRODUCT_DOUBT)

    def _of_typical_kind(self) -> float:
        """Each kind counts once, so that what everybody buys every week does not speak for the rest of the shop."""
        if self._typical is None:
            rates = [self._kind_taken[kind] / chances for kind, chances in self._kind_chances.items()]
            self._typical = median(rates) if rates else 0.0
        return self._typical


def _shrunk(taken: int, chances: int, expected: float, doubt: float) -> float:
    return (taken + doubt * expected) / (chances + doubt)
