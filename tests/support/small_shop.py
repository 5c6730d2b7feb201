"""A shop of a dozen products on real parts: Qdrant Edge, Feast on SQLite, MiniLM. Built in seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from app.ingestion.build import build
from app.ingestion.ledger import Load
from app.ingestion.parts import open_parts
from retrievers.catalogue import Document, DocumentType, Product
from retrievers.features.averages import compute_defaults
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.store import FeastStore

RUNNER, COATS, LIMITED = "runner", "coats", "limited"

_ROWS: tuple[tuple[str, str, str, tuple[str, ...], str, float, float, float], ...] = (
    ("shoe-1", "Arbor Tempo 2 running shoe", "Arbor", ("Running", "Running shoes"), "running shoe", 120, 4.6, 90),
    ("shoe-2", "Brisk Long Run running shoe", "Brisk", ("Running", "Running shoes"), "running shoe", 140, 4.4, 80),
    ("sock-1", "Arbor Merino running socks", "Arbor", ("Running", "Running socks"), "running sock", 18, 4.7, 60),
    ("watch-1", "Pulse One GPS running watch", "Pulse", ("Running", "Running watches"), "running watch", 189, 4.3, 50),
    ("gel-1", "Brisk Citrus energy gel, 12 pack", "Brisk", ("Running", "Nutrition"), "energy gel", 24, 4.2, 40),
    ("coat-1", "Nordlys Fjell down winter coat", "Nordlys", ("Outerwear", "Winter coats"), "winter coat", 320, 4.8, 70),
    ("coat-2", "Halden City wool winter coat", "Halden", ("Outerwear", "Winter coats"), "winter coat", 240, 4.1, 55),
    ("coat-3", "Nordlys Everyday winter coat", "Nordlys", ("Outerwear", "Winter coats"), "winter coat", 150, 4.5, 45),
    ("laptop-1", "Orbita Pro 16 laptop", "Orbita", ("Computers", "Laptops"), "laptop", 1290, 4.7, 95),
    ("laptop-2", "Orbita Air 13 laptop", "Orbita", ("Computers", "Laptops"), "laptop", 480, 4.4, 85),
    ("sleeve-1", "Halden Felt laptop sleeve", "Halden", ("Computers", "Accessories"), "laptop sleeve", 35, 4.3, 30),
    ("dock-1", "Orbita Nine laptop dock", "Orbita", ("Computers", "Accessories"), "laptop dock", 160, 4.0, 25),
)
_DOCUMENTS = (
    (
        DocumentType.POLICY,
        "returns",
        "Returns",
        "You can return any item within 30 days. We refund the price in 5 days.",
    ),
    (DocumentType.FAQ, "shipping-free", "When is shipping free?", "Shipping is free for orders over $49."),
    (DocumentType.REVIEW, "r1", "Warm", "The coat kept me warm at minus ten degrees. The zip is stiff."),
)


def products() -> list[Product]:
    return [
        Product(
            product_id=key,
            title=title,
            brand=brand,
            category=category,
            kind=kind,
            price=float(price),
            stock=5,
            rating=rating,
            rating_count=20,
            popularity=popularity,
            description=f"A {kind} by {brand}.",
            url=f"/products/{key}",
            attributes={"material": "wool" if "wool" in title else "mixed"},
        )
        for key, title, brand, category, kind, price, rating, popularity in _ROWS
    ]


def documents() -> list[Document]:
    return [
        Document(
            document_id=key,
            type=kind,
            title=title,
            text=text,
            source=f"/help/{key}",
            product_id="coat-1" if kind is DocumentType.REVIEW else None,
        )
        for kind, key, title, text in _DOCUMENTS
    ]


def shopper_frames(now: datetime) -> dict[str, pd.DataFrame]:
    """Three shoppers; ages of everything are below every ttl at `now`."""
    recent = now - timedelta(hours=2)

    def frame(*rows: dict[str, Any]) -> pd.DataFrame:
        return pd.DataFrame([{"event_timestamp": recent, **row} for row in rows])

    behaviour = {"avg_order_value": 150.0, "total_purchases_30d": 2, "last_viewed_brand": "Arbor"}
    session = {"last_viewed_product": None, "last_viewed_brand": None, "views_last_hour": 0, "cart_total": 0.0}
    profile: dict[str, Any] = {
        "excluded_brands": None,
        "excluded_materials": None,
        "sizes": None,
        "onboarding_categories": None,
        "onboarding_budget": None,
    }
    return {
        "user_behavior": frame(
            {"user_id": RUNNER, "favorite_category": "Running", "price_sensitivity_score": 0.3, **behaviour},
            {"user_id": LIMITED, "favorite_category": "Computers", "price_sensitivity_score": 0.8, **behaviour}
            | {"avg_order_value": 900.0, "last_viewed_brand": "Orbita"},
        ),
        "user_clicks_last_24h": frame(
            {
                "user_id": COATS,
                "click_count": 9,
                "favorite_category": "Winter coats",
                "browse_minutes": {"Winter coats": 20.0},
            }
        ),
        "user_session": frame(
            {
                "user_id": RUNNER,
                "last_viewed_category": "Running shoes",
                "last_purchase_product": "shoe-1",
                "last_purchase_category": "Running shoes",
                "last_purchased_at": now - timedelta(days=7),
                **session,
            }
        ),
        "user_profile": frame({"user_id": LIMITED, "budget_limit": 500.0, **profile}),
    }


def build_small_shop(data: Path, now: datetime, models: Path) -> None:
    """Everything `shelfwise ask --data` needs; `models` is shared, since exporting the model takes seconds."""
    data.mkdir(parents=True, exist_ok=True)
    models.mkdir(parents=True, exist_ok=True)
    (data / "models").symlink_to(models)
    texts = documents()
    loads = [Load(DocumentType.PRODUCT, products())]
    loads += [Load(kind, [t for t in texts if t.type is kind]) for kind in dict.fromkeys(t.type for t in texts)]
    build(open_parts(data, None), loads)
    write_features(data, now)


def write_features(data: Path, now: datetime) -> None:
    store = FeastStore(FeatureStoreConfig(data / "features"))
    store.apply()
    frames = shopper_frames(now)
    for view, frame in frames.items():
        store.write_offline(view, frame)
        store.write_online(view, frame)
    compute_defaults(frames, store.config.defaults_db)
