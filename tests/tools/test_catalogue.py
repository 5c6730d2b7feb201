from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrievers.catalogue import DocumentType, Product
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.index.protocol import Hit
from retrievers.records import Evidence, ItemFacts
from tools.catalogue import Catalogue

NOW = datetime(2026, 11, 3, tzinfo=UTC)


class OneProductIndex:
    def fetch(self, ids):
        row = Product(product_id="P1", title="Mug", price=9.0, stock=3, rating=4.0).model_dump(mode="json")
        return [Evidence("product/P1", DocumentType.PRODUCT, "c", "Mug", "", 1.0, row)] if "product/P1" in ids else []


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


def _review(name: str, text: str, day: int | None = None, start: int = 0) -> Evidence:
    date = None if day is None else datetime(2026, 10, day, tzinfo=UTC)
    told = {"document_id": name.partition("#")[0], "product_id": "P1", "rating": 4.0, "start": start}
    return Evidence(f"review/{name}", DocumentType.REVIEW, "r", "Fine", text, 0.0, told, date)


class Reviewed(OneProductIndex):
    def __init__(self, *reviews: Evidence) -> None:
        self.reviews = reviews

    def search(self, queries):
        (query,) = queries
        (about,) = query.filters
        assert (query.type, about.field, about.op, about.value) == (DocumentType.REVIEW, "product_id", "eq", "P1")
        return [[Hit(review, None) for review in self.reviews]]

    def fetch(self, ids):
        return [*super().fetch(ids), *(review for review in self.reviews if review.id in ids)]


async def test_reviews_are_whole_and_the_newest_first():
    long = _review("b#2", "The zip is stiff.", 9, start=20), _review("b#1", "It kept me warm. ", 9)
    catalogue = Catalogue(Reviewed(_review("a", "Old.", 2), *long, _review("c", "Undated.")), Facts({}), lambda: NOW)
    read = await catalogue.reviews("P1")
    assert [(review.id, review.text) for review in read] == [
        ("review/b", "It kept me warm. The zip is stiff."),
        ("review/a", "Old."),
        ("review/c", "Undated."),
    ]
    many = Reviewed(*(_review(f"r{n}", "x", n + 1) for n in range(25)))
    assert len(await Catalogue(many, Facts({}), lambda: NOW).reviews("P1")) == 20


async def test_which_product_a_passage_is_about():
    catalogue = Catalogue(Reviewed(_review("a", "Old.", 2)), Facts({}), lambda: NOW)
    about = await catalogue.products_of(["review/a", "product/P1", "faq/x", "A1"])
    assert about == {"review/a": "P1", "product/P1": "P1"}
    assert list(catalogue.cards(["P1"])) == ["P1"]
    assert catalogue.cards(["P2"]) == {}
