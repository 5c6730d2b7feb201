"""The shelf's facts, from the catalogue to the feature store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from app.ingestion.progress import Report
from retrievers.catalogue import Product

if TYPE_CHECKING:
    from retrievers.features.store import FeastStore

_FACTS = ("price", "stock", "rating", "rating_count", "popularity")


def item_stats(products: Sequence[Product], now: datetime) -> pd.DataFrame:
    """One row a product, known or not, all seen `now`."""
    frame = pd.DataFrame({"product_id": [product.product_id for product in products], "event_timestamp": now})
    for fact in _FACTS:
        frame[fact] = pd.array([getattr(product, fact) for product in products], dtype="Float64")
    return frame.astype({"stock": "Int64", "rating_count": "Int64"})


def write_item_stats(store: FeastStore, products: Sequence[Product], now: datetime, report: Report) -> None:
    """Online, so that answers use it at once, and offline as the view's history."""
    frame, done = item_stats(products, now), 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        report("features", done, len(frame))

    store.apply()
    store.write_offline("item_stats", frame)
    store.write_online("item_stats", frame, progress=advance)
