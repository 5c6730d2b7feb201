from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from app.ingestion.item_stats import item_stats
from retrievers.catalogue import Product

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def test_unknown_facts_stay_unknown_and_zero_stays_zero():
    frame = item_stats(
        [Product(product_id="a", title="A", price=5.0, stock=0), Product(product_id="b", title="B", rating_count=3)],
        NOW,
    )
    assert list(frame.columns) == [
        "product_id",
        "event_timestamp",
        "price",
        "stock",
        "rating",
        "rating_count",
        "popularity",
    ]
    first, second = frame.to_dict("records")
    assert (first["price"], first["stock"], second["rating_count"]) == (5.0, 0, 3)
    assert pd.isna(second["price"])
    assert pd.isna(second["stock"])
    assert pd.isna(first["popularity"])
    assert (frame["event_timestamp"] == pd.Timestamp(NOW)).all()
