"""Larkmoor, the demo store: invented from a seed, whole, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from statistics import fmean

import pandas as pd

from app.demo.content import departments, voices
from app.demo.featured import featured_histories
from app.demo.frames import feature_frames
from app.demo.goods import Item, stock_shelves
from app.demo.help_pages import help_pages
from app.demo.reviews import Reviewers, as_document, review_counts
from app.demo.shoppers import Crowd, Shopper
from retrievers.catalogue import Document, Product

NAME = "Larkmoor"
REVIEWS = 6000
SHOPPERS = 300


@dataclass(frozen=True)
class DemoStore:
    """Products carry the mean and number of their own reviews; `documents` are reviews and help pages."""

    products: tuple[Product, ...]
    documents: tuple[Document, ...]
    shoppers: tuple[Shopper, ...]
    name: str = NAME

    def features(self, now: datetime) -> dict[str, pd.DataFrame]:
        """Feature frames by view name. Event times are offsets from `now` (timezone-aware)."""
        return feature_frames(self.products, self.shoppers, now)


def demo_store(seed: int = 19) -> DemoStore:
    rng = Random(seed)
    items = stock_shelves(departments(), rng)
    products, reviews = _reviewed(items, rng)
    return DemoStore(products, (*reviews, *help_pages()), _shoppers(products, rng))


def _reviewed(items: Sequence[Item], rng: Random) -> tuple[tuple[Product, ...], tuple[Document, ...]]:
    reviewers = Reviewers(voices(), rng)
    products: list[Product] = []
    documents: list[Document] = []
    for item, count in zip(items, review_counts(items, REVIEWS), strict=True):
        reviews = list(reviewers.write(item, count))
        first = len(documents) + 1
        own = item.product.product_id
        documents += [as_document(review, number, own, rng) for number, review in enumerate(reviews, first)]
        products.append(_rated(item, [review.rating for review in reviews]))
    return tuple(products), tuple(documents)


def _rated(item: Item, ratings: Sequence[int]) -> Product:
    """Popularity follows demand and rating; a product nobody reviewed yet has demand only."""
    rating = round(fmean(ratings), 2) if ratings else None
    popularity = round((len(ratings) + item.appeal) * (rating or 3.0) / 5, 3)
    return item.product.model_copy(update={"rating": rating, "rating_count": len(ratings), "popularity": popularity})


def _shoppers(products: Sequence[Product], rng: Random) -> tuple[Shopper, ...]:
    crowd = Crowd(products, rng)
    featured = featured_histories(products)
    invented = (crowd.shopper(f"u{number:04d}") for number in range(len(featured) + 1, SHOPPERS + 1))
    return (*featured, *invented)
