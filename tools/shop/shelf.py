"""What can be bought, at which price: of the catalogue that the assistant searches, or any other shelf."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from sqlalchemy import Connection

from retrievers.catalogue import DocumentType, Product
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Index, IndexUnavailable
from retrievers.records import Clock, ItemFacts
from tools.shop.errors import ShelfUnavailable
from tools.shop.records import Item

_CENT = Decimal("0.01")


class Shelf(Protocol):
    async def items(self, item_ids: Sequence[str]) -> Mapping[str, Item]:
        """By item id; unknown ones are left out. Raises ShelfUnavailable."""
        ...

    async def variants(self, product_id: str) -> Sequence[Item]:
        """Every item of one product; empty when there is none. Raises ShelfUnavailable."""
        ...

    def take(self, connection: Connection, item_id: str, quantity: int) -> bool:
        """Whether there were so many, which now count as sold if the caller's transaction holds.

        A negative quantity is put back.
        """
        ...


class CatalogueShelf:
    """Words from the index, price and stock from the feature store; an item is a product here, under one id."""

    def __init__(self, index: Index, features: FeatureSource, clock: Clock) -> None:
        self._index = index
        self._features = features
        self._clock = clock

    async def items(self, item_ids: Sequence[str]) -> Mapping[str, Item]:
        if not item_ids:
            return {}
        names = [f"{DocumentType.PRODUCT}/{item_id}" for item_id in dict.fromkeys(item_ids)]
        try:
            found, facts = await asyncio.gather(
                asyncio.to_thread(self._index.fetch, names), self._features.items(item_ids, self._clock())
            )
        except (IndexUnavailable, FeaturesUnavailable) as error:
            raise ShelfUnavailable(str(error)) from error
        products = [Product.model_validate(evidence.metadata) for evidence in found]
        return {product.product_id: _item(product, facts.get(product.product_id)) for product in products}

    async def variants(self, product_id: str) -> Sequence[Item]:
        return tuple((await self.items([product_id])).values())

    def take(self, connection: Connection, item_id: str, quantity: int) -> bool:
        """Always: whoever feeds the feature store counts what is left, and learns of the order from there."""
        return True


def _item(product: Product, facts: ItemFacts | None) -> Item:
    price = None if facts is None or facts.price is None else Decimal(str(facts.price)).quantize(_CENT)
    stock = None if facts is None else facts.stock
    return Item(
        item_id=product.product_id,
        product_id=product.product_id,
        title=product.title,
        price=price,
        currency=product.currency,
        available=stock != 0,
        stock=stock,
    )
