"""Catalogues without prices, brands or categories still answer, and the plan says what could not be kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from app.ingestion.build import Parts, build
from app.ingestion.ledger import Load
from retrievers.catalogue import DocumentType, Product
from retrievers.context import ContextReader
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.index.owner import open_index
from retrievers.index.writer import EdgeWriter
from retrievers.records import UnifiedContext
from retrievers.retriever import Retriever
from tests.retrievers.test_limits import Shelf
from tests.support.builders import NOW
from tests.support.hash_embedder import HashEmbedder
from tests.support.synthetic_shop import synthetic_products

Ask = Callable[..., UnifiedContext]


@pytest.fixture
def shop_without(tmp_path: Path) -> Iterator[Callable[..., Ask]]:
    """A shop whose products lack the named fields."""
    with ExitStack() as stack:

        def open_shop(*missing: str) -> Ask:
            products = [_without(product, missing) for product in synthetic_products(60)]
            embedder, shelf = HashEmbedder(), Shelf(products)
            data = tmp_path / "-".join(missing)
            parts = Parts(
                data / "ledger.db", embedder, embedder.bulk, lambda: EdgeWriter(data, 16), lambda *_: None, lambda: NOW
            )
            build(parts, [Load(DocumentType.PRODUCT, products)])
            index = stack.enter_context(closing(open_index(data)))
            retriever = Retriever(index, embedder, Bm25Encoder(), shelf, lambda: NOW, feature_deadline_s=2.0)
            reader = ContextReader(retriever, shelf, shelf, dict, lambda: NOW)

            def ask(question: str, **features: Any) -> UnifiedContext:
                shelf.values = {f"user_profile:{name}": value for name, value in features.items()}
                return asyncio.run(reader.everything_known("somebody", question, 5))

            return ask

        yield open_shop


def _without(product: Product, missing: tuple[str, ...]) -> Product:
    empty = {"price": None, "brand": None, "category": (), "kind": None, "attributes": {}, "rating": None}
    return product.model_copy(update={name: empty[name] for name in missing})


def _dropped(known: UnifiedContext) -> dict[str, str]:
    return {item.field: item.reason.split(": ")[-1] for item in known.plan.dropped}


def test_without_prices(shop_without: Callable[..., Ask]) -> None:
    known = shop_without("price")("laptop under $300", budget_limit=100.0)
    assert known.evidence
    assert _dropped(known)["price"] == "this shop gives no prices"
    assert not known.nearest


def test_without_brands_categories_and_attributes(shop_without: Callable[..., Ask]) -> None:
    ask = shop_without("brand", "category", "kind", "attributes", "rating")
    known = ask("laptop under $600 with at least 16 GB and 4 stars", excluded_brands=["Bolt-Tek"])
    assert known.evidence
    assert ("price", 600.0) in [(item.field, item.value) for item in known.plan.honoured]
    assert _dropped(known) == {
        "brand": "this shop does not name brands",
        "rating": "this shop has no ratings",
        "data": "no product here says so",
    }


def test_unknown_prices_break_a_limit_where_others_have_one(shop_without: Callable[..., Ask]) -> None:
    known = shop_without("rating")("laptop under $5000")
    assert known.evidence
    assert all(item.metadata["price"] is not None for item in known.evidence)


def test_nothing_within_the_limits_offers_the_nearest_apart(shop_without: Callable[..., Ask]) -> None:
    known = shop_without("rating")("laptop under $2")
    assert known.evidence == ()
    assert known.notices == ("limits_unmet",)
    assert all(miss.broken[0].field == "price" for miss in known.nearest)
    prices = [miss.evidence.metadata["price"] for miss in known.nearest]
    assert len(prices) == 3
    assert known.items.keys() == {miss.evidence.metadata["product_id"] for miss in known.nearest}
