from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrievers.catalogue import DocumentType, Product
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.records import Evidence, ItemFacts
from tools.catalogue import Catalogue

NOW = datetime(2026, 11, 3, tzinfo=UTC)


class OneProductIndex:
    def fetch(self, ids):
        row = Product(product_id="P1", title="Mug", price=9.0, stock=3, rating=4.0).model_dump(mode="json")
        return [Evidence("product/P1", DocumentType.PRODUCT, "c", "Mug", "", 1.0, row)] if ids == ["product/P1"] else []


class Facts:
    def __init__(self, rows):
        self.rows = rows

    async def items(self, product_ids, now, *, orders=False):
        if self.rows is None:
            raise FeaturesUnavailable("down")
        return self.rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"P1": ItemFacts("P1", price=7.5, stock=0, rating=4.4)}, (7.5, 0, 4.4)),
        ({"P1": ItemFacts("P1", stale=True)}, (None, None, None)),
        ({}, (None, None, None)),
        (None, (None, None, None)),
    ],
)
async def test_facts_come_from_the_feature_store_only(rows, expected):
    catalogue = Catalogue(OneProductIndex(), Facts(rows), lambda: NOW)

    product = await catalogue.product("P1")

    assert product is not None
    assert (product.price, product.stock, product.rating) == expected
    assert await catalogue.product("P2") is None
