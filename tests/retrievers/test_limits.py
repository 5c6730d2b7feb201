"""Five hundred questions with limits: no product shown breaks one, judged on the raw rows.

The last catalogues are public ones beside the repository; they are skipped where they are missing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.ingestion.build import Parts, build
from app.ingestion.ledger import Load
from app.ingestion.products import read_products
from retrievers.catalogue import DocumentType, Product
from retrievers.context import ContextReader
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.index.owner import open_index
from retrievers.index.writer import EdgeWriter
from retrievers.records import FeatureValue, ItemFacts, ShopperFeatures, UnifiedContext
from retrievers.retriever import Retriever
from tests.support.builders import NOW
from tests.support.constraint_questions import Asking, Measured, Question, questions
from tests.support.hash_embedder import HashEmbedder
from tests.support.synthetic_shop import synthetic_products

SHARED = Path(__file__).parents[3] / "shared" / "data"
GB, TB = {"GB": 1e9}, {"GB": 1e9, "TB": 1e12}
_CLOSURES = ("roll-top", "zipper", "drawstring")
INCHES = {"inches": 0.0254, "cm": 0.01}


class Shelf:
    """Features of one shopper, and live prices: some have changed since the catalogue was loaded."""

    def __init__(self, products: Sequence[Product]) -> None:
        self.values: Mapping[str, object] = {}
        self.prices = {product.product_id: self._price(product) for product in products}

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        return {name: FeatureValue(name, value, "online", NOW, 0.0) for name, value in self.values.items()}

    async def items(self, product_ids: Sequence[str], now: datetime, **_: Any) -> dict[str, ItemFacts]:
        return {key: ItemFacts(key, self.prices[key], None, None) for key in product_ids}

    def for_shopper(self, user_id: str) -> tuple[ShopperFeatures, str]:
        return {}, "shipped"

    def _price(self, product: Product) -> float | None:
        changed = product.price is not None and sum(product.product_id.encode()) % 7 == 0
        return round(product.price * 1.3, 2) if changed and product.price else product.price


@dataclass(frozen=True)
class Shop:
    asking: Asking
    shelf: Shelf
    reader: ContextReader

    def ask(self, question: Question) -> UnifiedContext:
        self.shelf.values = question.features
        return asyncio.run(self.reader.everything_known("somebody", question.text, 5))


def _with_closures(products: Sequence[Product]) -> list[Product]:
    """Backpacks close in one of three ways; every tenth row does not say how."""
    closing = {p.product_id: n for n, p in enumerate(p for p in products if "backpack" in p.title.lower())}
    stated = {key: _CLOSURES[n % 3] for key, n in closing.items() if n % 10}
    return [
        p.model_copy(update={"attributes": {**p.attributes, "closure": stated[p.product_id]}})
        if p.product_id in stated
        else p
        for p in products
    ]


def _synthetic() -> Asking:
    return Asking(
        products=_with_closures(synthetic_products()),
        nouns=("laptop", "cable", "backpack", "kettle"),
        measured=(
            Measured(("memory",), "laptop", 1e9, GB, "memory", 5e9, 30e9),
            Measured(("storage",), "laptop", 1e9, TB, "of storage", 3e11, 1.9e12),
            Measured(("screen_in",), "laptop", 0.0254, INCHES, "screen", 0.34, 0.43),
            Measured(
                ("weight_kg",), "laptop", 1000.0, {"kg": 1000.0, "lbs": 453.59237, "g": 1.0}, "weight", 1000, 3000
            ),
            Measured(("length",), "cable", 1.0, {"m": 1.0, "cm": 0.01, "ft": 0.3048}, "long", 0.6, 9.0),
            Measured(("weight_g",), "backpack", 1.0, {"g": 1.0, "kg": 1000.0, "oz": 28.349523125}, "", 500, 1800),
            Measured(("power_w",), "kettle", 1.0, {"W": 1.0, "kW": 1000.0}, "", 1300, 2700),
        ),
        colours=dict.fromkeys(("black", "white", "grey", "red"), ("laptop", ("colour",))),
        flags={"bluetooth": "laptop", "waterproof": "backpack"},
        chosen=dict.fromkeys(_CLOSURES, ("backpack", "closure")),
        rated=True,
    )


def _icecat() -> Asking:
    path = SHARED / "icecat" / "products.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    every = read_products(path).products
    cables = [product for product in every if "cable_length" in product.attributes][:400]
    shown = [product for product in every if "display_diagonal" in product.attributes][:400]
    products = list({product.product_id: product for product in (*every[::14], *cables, *shown)}.values())
    return Asking(
        products=products,
        nouns=("cable", "notebook", "toner cartridge", "monitor", "headset", "mouse", "keyboard", "paper"),
        measured=(
            Measured(("cable_length",), "cable", 1.0, {"m": 1.0, "cm": 0.01, "feet": 0.3048}, "", 0.6, 9.0),
            Measured(("display_diagonal",), "monitor", 0.0254, INCHES, "", 0.4, 0.75),
        ),
        colours=dict.fromkeys(("black", "cyan"), ("toner cartridge", ("printing_colours", "product_colour", "colour"))),
    )


def _bestbuy() -> Asking:
    path = SHARED / "catalogues" / "bestbuy_3k.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    nouns = ("case", "charger", "headphones", "cable", "battery", "speaker", "phone", "mount")
    return Asking(products=read_products(path).products, nouns=nouns)


@pytest.fixture(scope="module", params=[_synthetic, _icecat, _bestbuy], ids=["synthetic", "icecat", "bestbuy"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    asking: Asking = request.param()
    data = tmp_path_factory.mktemp("limits")
    embedder, shelf = HashEmbedder(), Shelf(asking.products)
    parts = Parts(
        ledger=data / "ledger.db",
        embedder=embedder,
        embed=embedder.bulk,
        open_writer=lambda: EdgeWriter(data, embedder.dimensions),
        write_items=lambda products, now, report: None,
        clock=lambda: NOW,
    )
    build(parts, [Load(DocumentType.PRODUCT, list(asking.products))])
    with closing(open_index(data)) as index:
        retriever = Retriever(index, embedder, Bm25Encoder(), shelf, lambda: NOW, feature_deadline_s=2.0)
        yield Shop(asking, shelf, ContextReader(retriever, shelf, shelf, dict, lambda: NOW))


def test_no_product_shown_breaks_a_limit(shop: Shop) -> None:
    rows = {product.product_id: product for product in shop.asking.products}
    counted: Counter[str] = Counter()
    broken: list[str] = []
    for question in questions(shop.asking, 500):
        known = shop.ask(question)
        honoured = [item.field for item in known.plan.honoured if item.origin in ("stated", "declared")]
        counted["asked"] += 1
        counted["read"] += all(any(name.startswith(limit.field) for name in honoured) for limit in question.limits)
        shown = [str(item.metadata["product_id"]) for item in known.evidence if item.type is DocumentType.PRODUCT]
        counted["answered"] += bool(shown)
        counted["shown"] += len(shown)
        counted["refused"] += bool(known.nearest)
        assert not {miss.evidence.id for miss in known.nearest} & {item.id for item in known.evidence}
        broken += [
            f"{question.text} {dict(question.features)}: {key} ({shop.shelf.prices[key]}) breaks {limit.said}"
            for key in shown
            for limit in question.limits
            if not limit.keeps(rows[key], shop.shelf.prices[key])
        ]
    assert broken == []
    assert counted["read"] >= 0.99 * counted["asked"]
    assert counted["answered"] >= 0.7 * counted["asked"]


def test_the_limits_asked_for_matter(shop: Shop) -> None:
    """Each is broken by some product of the catalogue, else keeping it would prove nothing."""
    limits = [limit for question in questions(shop.asking, 500) for limit in question.limits]
    prices = shop.shelf.prices
    idle = [
        limit.said for limit in limits if all(limit.keeps(row, prices[row.product_id]) for row in shop.asking.products)
    ]
    assert idle == []
