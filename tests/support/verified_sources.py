"""Sources of one turn in a small shop: a few products, a review, store texts, and one shopper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from graphs.sources import Sources
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, FeatureValue, ItemFacts

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def verified_sources() -> Sources:
    """Live facts differ from the catalogue rows on purpose: the shoe was 119 and the parka was in stock."""
    evidence = [
        _product(
            "R1",
            "Veloce Tempo 3 Running Shoe",
            "A light daily trainer with a breathable mesh upper and a 9 mm drop.",
            {"weight_g": 241, "waterproof": False, "material": "mesh"},
            brand="Veloce",
            price=119.0,
            stock=9,
            rating=4.9,
        ),
        _product(
            "C1",
            "Norrland Fjell Parka",
            "A waterproof down parka for cold winters.",
            {"weight_g": 1280, "waterproof": True, "fill": "goose down"},
            brand="Norrland",
            price=289.0,
            stock=5,
            rating=4.2,
        ),
        Evidence(
            "review/1",
            DocumentType.REVIEW,
            "reviews",
            "Solid shoe",
            "I ran a marathon in these and my feet were fine. Paid $80 though. Runs half a size small.",
            0.8,
            {"rating": 5.0, "product_id": "R1"},
        ),
        Evidence(
            "policy/returns",
            DocumentType.POLICY,
            "/policies/returns",
            "Returns",
            "You can return unworn items within 30 days of delivery. Refunds are paid within five business days.\n"
            "Shipping is free on orders over $49.",
            0.8,
        ),
        _product("S1", "Stale Lamp", "A reading lamp.", {}, price=40.0),
        Evidence(
            "faq/free",
            DocumentType.FAQ,
            "/faq",
            "When is shipping free?",
            "If you spend over $49 shipping is free on orders.",
            0.8,
        ),
        _product(
            "K1",
            "Hush Non-Slip Silent Kettle",
            "It has a non-electric base and keeps −5 °C.",
            {"non_slip": True, "silent": False, "electric": False, "colour": False, "colour_display": "black"},
        ),
    ]
    features = [
        _feature("user_behavior:favorite_category", "Running"),
        _feature("user_behavior:avg_order_value", 84.6),
        _feature("user_clicks_last_24h:browse_minutes", {"Winter coats": 20.0, "Running shoes": 5.0}),
        _feature("user_profile:budget_limit", 500.0),
        _feature("user_profile:excluded_brands", ["Acme", "Bolt"]),
        _feature("user_session:last_purchased_at", NOW - timedelta(days=7)),
    ]
    return Sources(
        evidence={str(number): item for number, item in enumerate(evidence, 1)},
        features={f"F{number}": value for number, value in enumerate(features, 1)},
        items={
            "R1": ItemFacts("R1", price=129.0, stock=4, rating=4.57, rating_count=312),
            "C1": ItemFacts("C1", price=289.0, stock=0, rating=4.2, rating_count=40),
            "S1": ItemFacts("S1", price=40.0, stock=1, stale=True),
        },
        currency="USD",
    )


def _product(product_id: str, title: str, description: str, attributes: dict[str, Any], **row: Any) -> Evidence:
    lines = "\n".join(f"{name}: {value}" for name, value in attributes.items())
    metadata = {"product_id": product_id, "title": title, "description": description, "attributes": attributes, **row}
    text = f"{title}\n{description}\n{lines}".strip()
    return Evidence(f"product/{product_id}", DocumentType.PRODUCT, "catalogue", title, text, 1.0, metadata)


def _feature(name: str, value: Any) -> FeatureValue:
    age = timedelta(hours=3)
    return FeatureValue(name, value, "online", NOW - age, age.total_seconds(), used=True)
