from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from app.streaming.projector import VIEWS, Baseline, Cart, Happened, project, row_times
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.typed import typed
from tests.app.streaming.conftest import NOW, PRODUCTS
from tools.ports import ShopperEvent


def did(kind: str, product_id: str, minutes_ago: float, **fields) -> ShopperEvent:
    name = fields.pop("event_id", f"{kind}-{product_id}-{minutes_ago}")
    return ShopperEvent(name, kind, "mina", product_id, NOW - timedelta(minutes=minutes_ago), **fields)


def rows(*events: ShopperEvent, baselines=None, cart=None, products=PRODUCTS):
    return project(Happened("mina", events, products, baselines or {}, cart), retail_descriptions())


def test_a_look_at_a_product_is_the_last_thing_viewed() -> None:
    told = rows(did("view", "coat", 50, dwell_s=60), did("view", "shoe", 2, dwell_s=90))
    session = told["user_session"]
    assert session["last_viewed_product"] == "shoe"
    assert (session["last_viewed_brand"], session["last_viewed_category"]) == ("Arbor", "Shoes")
    assert session["views_last_hour"] == 2
    assert session["event_timestamp"] == NOW - timedelta(minutes=2)
    assert told["user_behavior"]["last_viewed_brand"] == "Arbor"
    clicks = told["user_clicks_last_24h"]
    assert clicks["click_count"] == 2
    assert clicks["favorite_category"] == "Shoes"
    assert clicks["browse_minutes"] == {"Coats": 1.0, "Shoes": 1.5}


def test_every_row_holds_what_its_view_declares_in_its_type() -> None:
    told = rows(did("view", "shoe", 3), did("purchase", "sock", 1, price=18.0))
    assert set(told) == set(VIEWS)
    for view, row in told.items():
        declared = {name.partition(":")[2]: each for name, each in retail_descriptions().items() if each.view == view}
        assert row.keys() == {"user_id", "event_timestamp", *declared}
        for name, each in declared.items():
            typed(each, row[name])


def test_views_are_counted_for_an_hour_and_clicks_for_a_day() -> None:
    told = rows(did("view", "coat", 26 * 60), did("view", "coat", 61), did("click", "shoe", 30), did("view", "shoe", 0))
    assert told["user_session"]["views_last_hour"] == 1
    assert told["user_clicks_last_24h"]["click_count"] == 3


def test_without_times_told_what_is_looked_at_most_is_browsed_most() -> None:
    told = rows(did("view", "coat", 5), did("view", "coat", 4), did("view", "shoe", 3))["user_clicks_last_24h"]
    assert told["favorite_category"] == "Coats"
    assert told["browse_minutes"] is None


def test_a_page_left_open_is_not_looked_at_for_hours() -> None:
    told = rows(did("view", "shoe", 1, dwell_s=40_000))
    assert told["user_clicks_last_24h"]["browse_minutes"] == {"Shoes": 30.0}


def test_what_is_bought_at_once_is_one_order() -> None:
    told = rows(
        did("purchase", "shoe", 100, price=120.0),
        did("purchase", "sock", 100, price=18.0, quantity=2),
        did("purchase", "coat", 5, price=240.0),
    )
    assert told["user_behavior"]["avg_order_value"] == pytest.approx((156 + 240) / 2)
    assert told["user_behavior"]["total_purchases_30d"] == 3
    session = told["user_session"]
    assert (session["last_purchase_product"], session["last_purchase_category"]) == ("coat", "Coats")
    assert session["last_purchased_at"] == NOW - timedelta(minutes=5)
    assert told["user_purchases"]["purchased_products"] == {"coat": 1, "shoe": 1, "sock": 1}


def test_an_order_of_unknown_worth_says_nothing_about_the_average() -> None:
    told = rows(did("purchase", "shoe", 100, price=None), did("purchase", "coat", 5, price=240.0))
    assert told["user_behavior"]["avg_order_value"] == 240.0


def test_looks_alone_leave_purchases_as_they_are() -> None:
    assert "user_purchases" not in rows(did("view", "shoe", 1))
    assert rows() == {}


def test_what_others_wrote_counts_up_to_its_own_time() -> None:
    before = Baseline(
        NOW - timedelta(minutes=30),
        {"click_count": 9, "favorite_category": "Coats", "browse_minutes": {"Coats": 20.0}},
    )
    counted, later = did("view", "shoe", 31, dwell_s=3000), did("view", "shoe", 1, dwell_s=60)
    told = rows(counted, later, baselines={"user_clicks_last_24h": before})["user_clicks_last_24h"]
    assert told["click_count"] == 10
    assert told["favorite_category"] == "Coats"
    assert told["browse_minutes"] == {"Coats": 20.0, "Shoes": 1.0}


def test_what_others_wrote_does_not_outlive_itself() -> None:
    old = Baseline(
        NOW - timedelta(days=2), {"last_viewed_brand": "Halden", "cart_total": 9.0, "last_purchase_product": "coat"}
    )
    told = rows(did("purchase", "sock", 5, price=18.0), baselines={"user_session": old})["user_session"]
    assert told["last_viewed_brand"] is None  # a day at most
    assert told["cart_total"] is None
    assert told["last_purchase_product"] == "sock"
    kept = rows(did("view", "sock", 5), baselines={"user_session": old})["user_session"]
    assert kept["last_purchase_product"] == "coat"  # for thirty days


def test_a_taste_computed_over_years_is_kept_and_an_average_weighs_its_orders() -> None:
    held = {
        "favorite_category": "Running",
        "price_sensitivity_score": 0.8,
        "avg_order_value": 100.0,
        "total_purchases_30d": 3,
    }
    before = Baseline(NOW - timedelta(days=1), held)
    told = rows(did("purchase", "coat", 5, price=240.0), baselines={"user_behavior": before})["user_behavior"]
    assert (told["favorite_category"], told["price_sensitivity_score"]) == ("Running", 0.8)
    assert told["avg_order_value"] == pytest.approx((3 * 100 + 240) / 4)
    assert told["total_purchases_30d"] == 4


def test_the_cart_is_as_it_is_now() -> None:
    told = rows(did("view", "shoe", 10), cart=Cart(138.0, NOW - timedelta(minutes=1)))["user_session"]
    assert told["cart_total"] == 138.0
    assert told["event_timestamp"] == NOW - timedelta(minutes=1)
    alone = rows(cart=Cart(0.0, NOW))
    assert alone["user_session"]["cart_total"] == 0.0


def test_a_product_that_left_the_catalogue_keeps_only_its_id() -> None:
    told = rows(did("view", "gone", 1, dwell_s=60))
    assert told["user_session"]["last_viewed_product"] == "gone"
    assert told["user_session"]["last_viewed_brand"] is None
    assert told["user_clicks_last_24h"]["favorite_category"] is None
    assert told["user_clicks_last_24h"]["click_count"] == 1


def test_the_order_in_which_events_come_changes_nothing() -> None:
    kinds = ("view", "click", "purchase")
    drawn = random.Random(7)
    events = [
        did(drawn.choice(kinds), drawn.choice(list(PRODUCTS)), drawn.randint(0, 3000), event_id=str(n), price=5.0)
        for n in range(60)
    ]
    told = rows(*events)
    assert len(told) == len(VIEWS)
    for _ in range(5):
        drawn.shuffle(events)
        assert rows(*events) == told


def test_of_very_many_products_bought_those_of_now_are_kept() -> None:
    before = Baseline(NOW - timedelta(days=1), {"purchased_products": {f"p{n}": 1 for n in range(100)}})
    told = rows(did("purchase", "shoe", 1, price=1.0), baselines={"user_purchases": before})
    kept = told["user_purchases"]["purchased_products"]
    assert len(kept) == 100
    assert kept["shoe"] == 1


def test_times_of_rows_are_known_before_the_rows() -> None:
    happened = Happened("mina", [did("view", "shoe", 4), did("purchase", "shoe", 9, price=1.0)], {})
    told = project(replace(happened, products=PRODUCTS), retail_descriptions())
    assert row_times(happened) == {view: row["event_timestamp"] for view, row in told.items()}
