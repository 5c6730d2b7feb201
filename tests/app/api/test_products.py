from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.api import live_products
from retrievers.catalogue import DocumentType, Product
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.index.protocol import IndexUnavailable
from retrievers.records import Evidence, ItemFacts

NOW = datetime(2026, 11, 3, tzinfo=UTC)


class OneProductIndex:
    def fetch(self, ids):
        row = Product(product_id="P1", title="Mug", price=9.0, stock=3, rating=4.0).model_dump(mode="json")
        return [Evidence("product/P1", DocumentType.PRODUCT, "c", "Mug", "", 1.0, row)] if ids == ["product/P1"] else []


class Facts:
    def __init__(self, rows):
        self.rows = rows

    async def items(self, product_ids, now):
        if self.rows is None:
            raise FeaturesUnavailable("down")
        return self.rows


def test_a_product_by_id(client):
    response = client.get("/api/products/RUN-0101")

    assert response.status_code == 200
    assert response.json()["title"] == "Tarn Cushioned Crew Running Socks, 3 pairs"


def test_an_unknown_product_is_a_one_line_404(client):
    response = client.get("/api/products/NOPE")

    assert response.status_code == 404
    assert response.json() == {"error": "There is no product 'NOPE' in this catalogue."}


def test_a_missing_index_says_what_to_do(app, client):
    async def broken(product_id):
        raise IndexUnavailable("There is no index: run `shelfwise demo`.")

    object.__setattr__(app.state.parts, "products", broken)

    response = client.get("/api/products/P1")
    assert response.status_code == 503
    assert response.json() == {"error": "There is no index: run `shelfwise demo`."}


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
    find = live_products(OneProductIndex(), Facts(rows), lambda: NOW)

    product = await find("P1")

    assert product is not None
    assert (product.price, product.stock, product.rating) == expected
    assert await find("P2") is None


def test_pictures_come_from_their_folder(client):
    response = client.get("/images/RUN-0101.svg")

    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["/images/NOPE.svg", "/images/..%2Fsecret.svg", "/images/%2e%2e/secret.svg"])
def test_nothing_else_can_be_read_as_a_picture(client, path):
    response = client.get(path)

    assert response.status_code in (404, 422)
    assert list(response.json()) == ["error"]
