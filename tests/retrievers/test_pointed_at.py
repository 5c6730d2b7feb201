"""Products pointed at are shown and nothing else, products shown before not again: the same in every engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from qdrant_client import QdrantClient

from app.ingestion.build import Parts, build
from app.ingestion.ledger import Load
from retrievers.catalogue import DocumentType, Product
from retrievers.context import ContextReader
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.index.owner import open_index
from retrievers.index.protocol import Index
from retrievers.index.server import QdrantIndex, QdrantWriter
from retrievers.index.writer import EdgeWriter
from retrievers.reading import read_request
from retrievers.records import FilterItem, Reading, SortBy, UnifiedContext
from retrievers.retriever import Retriever
from tests.retrievers.test_limits import Shelf
from tests.support.builders import NOW
from tests.support.hash_embedder import HashEmbedder
from tests.support.synthetic_shop import synthetic_products

K = 4


@dataclass(frozen=True)
class Shop:
    shelf: Shelf
    retriever: Retriever
    reader: ContextReader

    def answer(self, reading: Reading) -> UnifiedContext:
        return asyncio.run(self._answer(reading))

    async def _answer(self, reading: Reading) -> UnifiedContext:
        shopper = self.reader.shopper("somebody")
        facts, retrieval = await asyncio.gather(
            self.reader.fetch("somebody", shopper), self.reader.retrieve(reading, shopper, K)
        )
        return await self.reader.join("somebody", facts, retrieval, K)


@pytest.fixture(params=["edge", "server"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    products, embedder = [*synthetic_products(80), *_variants()], HashEmbedder()
    client = QdrantClient(":memory:")
    edge = request.param == "edge"

    def writer() -> EdgeWriter | QdrantWriter:
        return EdgeWriter(tmp_path, embedder.dimensions) if edge else QdrantWriter(client, embedder.dimensions)

    parts = Parts(tmp_path / "ledger.db", embedder, embedder.bulk, writer, lambda *_: None, lambda: NOW)
    build(parts, [Load(DocumentType.PRODUCT, products)])
    index: Index = open_index(tmp_path) if edge else QdrantIndex(client)
    with closing(index):
        shelf = Shelf(products)
        retriever = Retriever(index, embedder, Bm25Encoder(), shelf, lambda: NOW, feature_deadline_s=2.0)
        yield Shop(shelf, retriever, ContextReader(retriever, shelf, shelf, dict, lambda: NOW))
    client.close()


def _variants() -> list[Product]:
    """One tent in three colours, and another."""
    told = (("T1", "red", "Ridge"), ("T2", "blue", "Ridge"), ("T3", "green", "Ridge"), ("T4", "red", "Vale"))
    return [
        Product(
            product_id=key, title=f"{family} tent, {colour}", kind="tent", price=100.0,
            attributes={"colour": colour, "family": family},
        )
        for key, colour, family in told
    ]  # fmt: skip


def _shown(known: UnifiedContext) -> list[str]:
    return [str(item.metadata["product_id"]) for item in known.evidence if item.type is DocumentType.PRODUCT]


def _reading(shop: Shop, **changes: tuple[str, ...]) -> Reading:
    return replace(read_request("laptop", shop.retriever.vocabulary()), **changes)


def test_exactly_what_is_pointed_at_is_found_in_that_order(shop: Shop) -> None:
    found = _shown(shop.answer(_reading(shop)))
    assert len(found) == K
    asked = (found[2], "gone", found[0])
    assert _shown(shop.answer(_reading(shop, only=asked))) == [found[2], found[0]]


def test_limits_are_not_applied_to_what_is_pointed_at_but_facts_are_fresh(shop: Shop) -> None:
    (first, *_) = _shown(shop.answer(_reading(shop)))
    shop.shelf.values = {"user_profile:budget_limit": 0.5}
    shop.shelf.prices[first] = 123.0
    assert _shown(shop.answer(_reading(shop))) == []
    known = shop.answer(_reading(shop, only=(first,)))
    assert _shown(known) == [first]
    assert known.items[first].price == 123.0
    assert not known.plan.honoured


@pytest.mark.parametrize("question", ["laptop", "what should I buy?", "cheapest laptop"])
def test_what_was_shown_is_not_shown_again(shop: Shop, question: str) -> None:
    reading = read_request(question, shop.retriever.vocabulary())
    seen: tuple[str, ...] = ()
    for _ in range(3):
        found = _shown(shop.answer(replace(reading, without=seen)))
        assert len(found) == K
        assert not set(found) & set(seen)
        seen += tuple(found)


def test_another_colour_of_what_was_shown_is_nothing_new(shop: Shop) -> None:
    reading = read_request("tent", shop.retriever.vocabulary())
    (ridge,) = set(_shown(shop.answer(reading))) & {"T1", "T2", "T3"}
    assert not set(_shown(shop.answer(replace(reading, without=(ridge,))))) & {"T1", "T2", "T3"}
    assert "T4" in _shown(shop.answer(replace(reading, without=(ridge,))))


def test_more_than_fit_on_a_page_are_all_shown(shop: Shop) -> None:
    ids = tuple(f"S{number:03d}" for number in range(K + 3))
    assert _shown(shop.answer(_reading(shop, only=ids))) == list(ids)


def test_a_list_shown_again_is_in_the_order_of_live_figures_and_keeps_its_limits(shop: Shop) -> None:
    found = _shown(shop.answer(_reading(shop)))
    shop.shelf.prices |= dict(zip(found, (30.0, 20.0, 40.0, 10.0), strict=True))
    limit = FilterItem("price", "lte", 35.0, "stated", "under 35")
    again = replace(_reading(shop), only=tuple(found), again=True, sort=SortBy("price"), limits=(limit,))
    known = shop.answer(again)
    assert _shown(known) == [found[3], found[1], found[0]]
    assert limit in known.plan.honoured
    assert _shown(shop.answer(replace(again, again=False))) == found


def test_more_of_a_kind_is_nothing_else(shop: Shop) -> None:
    reading = read_request("tent", shop.retriever.vocabulary())
    everything = ("T1", "T4")  # the other two are colours of the first
    assert _shown(shop.answer(replace(reading, without=everything))) == []
