"""What a simulated shopper truly likes; the shop never reads it, only what the shopper did because of it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from retrievers.catalogue import Product

_FAVOURITES = (1.0, 0.5, 0.3)  # how much the three categories somebody shops in are liked
_CATEGORY, _BRAND, _THRIFT, _RATING, _TOO_DEAR, _STAPLE, _HAD = 2.0, 0.8, 1.2, 0.5, 3.0, 1.5, 1.5
_WHIM = 0.3


class Shelf:
    """The catalogue by category, and how dear each product is within its own."""

    def __init__(self, products: Sequence[Product]) -> None:
        self.products = {product.product_id: product for product in products}
        self.by_category = defaultdict[str, list[Product]](list)
        for product in products:
            if product.category:
                self.by_category[product.category[-1]].append(product)
        self._prices = {
            name: sorted(product.price for product in own if product.price is not None)
            for name, own in self.by_category.items()
        }

    def dearness(self, product: Product) -> float:
        """The share of its category that is cheaper, in [0, 1); 0.5 for what has no price."""
        prices = self._prices.get(product.category[-1] if product.category else "", [])
        if product.price is None or not prices:
            return 0.5
        return bisect_left(prices, product.price) / len(prices)

    def price_at(self, category: str, share: float) -> float | None:
        prices = self._prices.get(category)
        return prices[min(int(share * len(prices)), len(prices) - 1)] if prices else None


@dataclass(frozen=True, slots=True)
class Taste:
    """`thrift` in [0, 1]; above `budget` hardly anything is bought; `staples` are bought again and again."""

    categories: Mapping[str, float]
    brands: frozenset[str]
    thrift: float
    budget: float | None
    staples: frozenset[str]
    seed: str

    def utility(self, product: Product, shelf: Shelf, bought: Counter[str]) -> float:
        """About 0 for what is all the same to the shopper; a whim a product is the shopper's own and stays."""
        liked = self.categories.get(product.category[-1] if product.category else "", 0.0)
        value = _CATEGORY * liked + _BRAND * (product.brand in self.brands)
        value -= _THRIFT * self.thrift * shelf.dearness(product)
        value += _RATING * ((product.rating or 4.0) - 4.0)
        if self.budget is not None and (product.price or 0.0) > self.budget:
            value -= _TOO_DEAR
        if bought[product.product_id]:
            value += _STAPLE if product.product_id in self.staples else -_HAD
        return value + Random(f"{self.seed} {product.product_id}").gauss(0, _WHIM)  # noqa: S311 - no secret


def taste(shelf: Shelf, seed: str) -> Taste:
    """The same for the same seed and catalogue."""
    rng = Random(f"taste {seed}")  # noqa: S311 - no secret
    names = sorted(shelf.by_category)
    weights = [sum(product.popularity or 0.1 for product in shelf.by_category[name]) for name in names]
    liked = list(dict.fromkeys(rng.choices(names, weights, k=8)))[: len(_FAVOURITES)]
    main = shelf.by_category[liked[0]]
    brands = sorted({product.brand for product in main if product.brand})
    return Taste(
        categories=dict(zip(liked, _FAVOURITES, strict=False)),
        brands=frozenset(rng.sample(brands, min(2, len(brands)))),
        thrift=rng.random() if rng.random() < 0.6 else 0.0,
        budget=shelf.price_at(liked[0], rng.uniform(0.3, 0.9)) if rng.random() < 0.4 else None,
        staples=frozenset(product.product_id for product in rng.sample(main, min(1, len(main))) if rng.random() < 0.4),
        seed=seed,
    )
