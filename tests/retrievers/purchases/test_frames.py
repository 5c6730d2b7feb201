from __future__ import annotations

from datetime import UTC, datetime, timedelta

from retrievers.features.descriptions import retail_descriptions
from retrievers.purchases import Order, PurchaseLedger
from retrievers.purchases.frames import purchase_frames

NOW = datetime(2026, 1, 8, tzinfo=UTC)


def test_rows_have_the_declared_columns_and_the_time_they_were_true() -> None:
    bought = NOW - timedelta(days=3)
    ledger = PurchaseLedger.of([Order("1", "ann", bought, ("tea", "cup"))], NOW)
    frames = purchase_frames(ledger, ["tea", "unsold"], NOW)
    for view, key in (("user_purchases", "user_id"), ("item_purchases", "product_id")):
        declared = [known.name.split(":")[1] for known in retail_descriptions().values() if known.view == view]
        assert list(frames[view].columns) == [key, "event_timestamp", *declared]
    (ann,) = frames["user_purchases"].to_dict("records")
    assert (ann["event_timestamp"], ann["purchased_products"]) == (bought, {"tea": 1.0, "cup": 1.0})
    items = frames["item_purchases"].set_index("product_id")
    assert items["order_share"]["tea"] == 1.0
    assert items["order_share"]["unsold"] == 0.0
    assert (items["event_timestamp"] == NOW).all()
