"""Small records for tests, so that each test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from retrievers.catalogue import DocumentType, Product
from retrievers.ranking.candidates import Candidate
from retrievers.records import Evidence, FeatureStatus, FeatureValue, ItemFacts, Reading

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def product(product_id: str, **fields: Any) -> Evidence:
    row = Product(**{"product_id": product_id, "title": f"Thing {product_id}", "currency": "USD", **fields})
    metadata = row.model_dump(mode="json")
    return Evidence(f"product/{product_id}", DocumentType.PRODUCT, "catalogue", row.title, row.title, 1.0, metadata)


def candidate(product_id: str, base: float = 0.5, *, live_price: float | None = None, **fields: Any) -> Candidate:
    item = product(product_id, **fields)
    price = live_price if live_price is not None else fields.get("price", 10.0)
    facts = ItemFacts(product_id, price, fields.get("stock", 5), fields.get("rating", 4.0), 10, 1.0, NOW, 0.0)
    return Candidate(item, base, facts)


def features(status: FeatureStatus = "online", **values: Any) -> dict[str, FeatureValue]:
    """Names are written `view__feature`."""
    named = {name.replace("__", ":"): value for name, value in values.items()}
    return {name: FeatureValue(name, value, status, NOW, 0.0) for name, value in named.items()}


def open_reading() -> Reading:
    return Reading("what should I buy?", "open", "")


def product_reading(terms: str = "thing", head: str | None = None) -> Reading:
    return Reading(terms, "product", terms, head)
