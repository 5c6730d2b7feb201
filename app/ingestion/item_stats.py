"""The shelf's facts, from the catalogue to the feature store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

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


class OnlineWriter(Protocol):
    """Any store that answers read from."""

    def write_online(self, view: str, frame: pd.DataFrame, progress: Callable[[int], None] | None = None) -> None: ...


def write_item_stats(store: FeastStore, products: Sequence[Product], now: datetime, report: Report) -> None:
    """Online, so that answers use it at once, and offline as the view's history."""
    store.apply()
    store.write_offline("item_stats", item_stats(products, now))
    write_item_stats_online(store, products, now, report)


def write_item_stats_online(writer: OnlineWriter, products: Sequence[Product], now: datetime, report: Report) -> None:
    frame, done = item_stats(products, now), 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        report("features", done, len(frame))

    writer.write_online("item_stats", frame, progress=advance)
