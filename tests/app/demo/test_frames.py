from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from app.demo.frames import feature_frames
from app.demo.shoppers import Event, Shopper, featured_shoppers, orders_of
from app.demo.store import DemoStore
from feature_repo.retail import retail
from retrievers.catalogue import Product
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.frames import columns_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CHEAP = Product(product_id="a", title="A", brand="One", category=("Home", "Mugs"), kind="mug", price=10, stock=1)
DEAR = Product(product_id="b", title="B", brand="Two", category=("Home", "Mugs"), kind="mug", price=30, stock=1)


@pytest.fixture(scope="module")
def frames(store: DemoStore) -> Mapping[str, pd.DataFrame]:
    return store.features(NOW)


def _row(frames: Mapping[str, pd.DataFrame], view: str, user_id: str) -> dict[str, Any] | None:
    found = frames[view][frames[view]["user_id"] == user_id]
    return None if found.empty else found.iloc[0].to_dict()


def test_frames_have_exactly_the_declared_columns(frames: Mapping[str, pd.DataFrame]) -> None:
    declared = {view.name: columns_of(view) for view in retail(FeatureStoreConfig(Path("unused")).source).views}
    assert {view: list(frame.columns) for view, frame in frames.items()} == declared
    for view, frame in frames.items():
        assert frame[declared[view][0]].is_unique
        assert frame.dropna(axis="columns", how="all").columns.size == len(declared[view])  # nobody tells nothing
        assert str(frame["event_timestamp"].dtype) == "datetime64[ns, UTC]"
        assert (frame["event_timestamp"] <= NOW).all()


def test_times_move_with_now(store: DemoStore, frames: Mapping[str, pd.DataFrame]) -> None:
    week = timedelta(days=7)
    later = store.features(NOW + week)
    for view, frame in frames.items():
        assert (later[view]["event_timestamp"] - frame["event_timestamp"] == week).all()
    assert list(later["user_clicks_last_24h"]["user_id"]) == list(frames["user_clicks_last_24h"]["user_id"])


def test_a_naive_now_is_refused(store: DemoStore) -> None:
    with pytest.raises(ValueError, match="timezone-aware"):
        store.features(datetime(2026, 11, 21))


def test_item_stats_are_the_catalogue(store: DemoStore, frames: Mapping[str, pd.DataFrame]) -> None:
    stats = frames["item_stats"].set_index("product_id")
    assert len(stats) == len(store.products)
    for product in store.products[::97]:
        assert stats.loc[product.product_id, "price"] == product.price
        assert stats.loc[product.product_id, "stock"] == product.stock


def test_three_hundred_shoppers_with_modest_histories(store: DemoStore, frames: Mapping[str, pd.DataFrame]) -> None:
    assert len(store.shoppers) == 300
    assert [shopper.user_id for shopper in store.shoppers[:4]] == ["maya", "jonas", "priya", "u0004"]
    known = {product.product_id for product in store.products}
    assert {event.product_id for shopper in store.shoppers for event in shopper.events} <= known
    assert 20 < len(frames["user_clicks_last_24h"]) < 200
    assert 20 < len(frames["user_profile"]) < 120
    assert frames["user_behavior"]["favorite_category"].isin({p.category[0] for p in store.products}).all()
    assert frames["user_behavior"]["price_sensitivity_score"].between(0, 1).all()


def test_a_history_becomes_features() -> None:
    hour = timedelta(hours=1)
    shopper = Shopper(
        "s",
        (
            Event("purchase", "a", 40 * 24 * hour),
            Event("purchase", "b", 3 * hour),
            Event("view", "b", 2 * hour, 4.0),
            Event("click", "a", hour),
            Event("view", "a", hour / 2, 1.5),
            Event("cart", "a", hour / 4),
        ),
    )
    frames = feature_frames([CHEAP, DEAR], [shopper], NOW)
    behaviour, session = _row(frames, "user_behavior", "s"), _row(frames, "user_session", "s")
    assert behaviour is not None
    assert behaviour["avg_order_value"] == 20
    assert behaviour["total_purchases_30d"] == 1
    assert behaviour["last_viewed_brand"] == "One"
    assert behaviour["price_sensitivity_score"] == 0.83  # ranks 0, .5, .5, 0, 0, 0
    assert session is not None
    assert session["event_timestamp"] == NOW - hour / 4
    assert session["views_last_hour"] == 1
    assert session["cart_total"] == 10
    assert session["last_purchase_product"] == "b"
    assert session["last_purchased_at"] == NOW - 3 * hour
    clicks = _row(frames, "user_clicks_last_24h", "s")
    assert clicks is not None
    assert clicks["click_count"] == 3
    assert clicks["browse_minutes"] == {"Mugs": 5.5}
    assert _row(frames, "user_profile", "s") is None


def test_a_purchase_empties_the_cart() -> None:
    hour = timedelta(hours=1)
    shopper = Shopper("s", (Event("cart", "a", 2 * hour), Event("purchase", "a", hour)))
    session = _row(feature_frames([CHEAP], [shopper], NOW), "user_session", "s")
    assert session is not None
    assert session["cart_total"] == 0


def test_maya_runs_and_bought_shoes_last_week(store: DemoStore, frames: Mapping[str, pd.DataFrame]) -> None:
    behaviour, session = _row(frames, "user_behavior", "maya"), _row(frames, "user_session", "maya")
    assert behaviour is not None
    assert session is not None
    assert behaviour["favorite_category"] == "Running"
    assert session["last_purchase_category"] == "Running shoes"
    assert timedelta(days=5) < NOW - session["last_purchased_at"] < timedelta(days=8)
    assert _row(frames, "user_clicks_last_24h", "maya") is None
    ceiling = 1.5 * behaviour["avg_order_value"]
    gear = [p for p in store.products if p.category[0] == "Running" and p.kind != "running shoe" and p.stock]
    assert len({product.kind for product in gear if (product.price or 0) <= ceiling}) >= 4


def test_jonas_looked_at_coats_for_twenty_minutes_and_bought_none(
    store: DemoStore, frames: Mapping[str, pd.DataFrame]
) -> None:
    clicks, behaviour = _row(frames, "user_clicks_last_24h", "jonas"), _row(frames, "user_behavior", "jonas")
    assert clicks is not None
    assert behaviour is not None
    assert clicks["favorite_category"] == "Winter coats"
    assert clicks["browse_minutes"] == {"Winter coats": 20.0}
    assert behaviour["total_purchases_30d"] == 0
    ceiling = 1.5 * behaviour["avg_order_value"]
    coats = [p for p in store.products if p.kind == "winter coat" and p.stock]
    within = [coat for coat in coats if (coat.price or 0) <= ceiling]
    assert 10 <= len(within) < len(coats)


def test_priya_set_a_limit_that_binds(store: DemoStore, frames: Mapping[str, pd.DataFrame]) -> None:
    profile, behaviour = _row(frames, "user_profile", "priya"), _row(frames, "user_behavior", "priya")
    assert profile is not None
    assert behaviour is not None
    assert profile["budget_limit"] == 500
    assert behaviour["favorite_category"] == "Home office"
    assert 1.5 * behaviour["avg_order_value"] > 500
    prices = [product.price or 0 for product in store.products if product.category[0] == "Home office"]
    assert any(price > 500 for price in prices)
    assert sum(price <= 500 for price in prices) > 50


def test_featured_shoppers_are_introduced_in_both_languages() -> None:
    introduced = featured_shoppers()
    assert [persona.user_id for persona in introduced] == ["maya", "jonas", "priya"]
    for persona in introduced:
        assert set(persona.blurb) == set(persona.suggestions) == {"en", "ko"}
        assert all(persona.suggestions.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_three_hold_for_other_seeds(seed: int) -> None:
    from app.demo.store import demo_store

    frames = demo_store(seed).features(NOW)
    for user_id, favourite in (("maya", "Running"), ("jonas", "Outerwear"), ("priya", "Home office")):
        behaviour = _row(frames, "user_behavior", user_id)
        assert behaviour is not None
        assert behaviour["favorite_category"] == favourite


def test_purchases_tell_what_runs_out_and_what_goes_together(
    store: DemoStore, frames: Mapping[str, pd.DataFrame]
) -> None:
    items = frames["item_purchases"].set_index("product_id")
    kinds = {product.product_id: product.kind for product in store.products}
    rates = items["repurchase_rate"].groupby(kinds).mean()
    assert rates["coffee beans"] > 0.2 > 0.1 > rates["winter coat"]
    assert rates["dog food"] > 0.2 > 0.1 > rates["desk"]
    pairs = {(kinds[one], kinds[other]) for one, found in items["bought_together"].items() for other in found}
    assert {("desk", "desk lamp"), ("suitcase", "packing cubes")} & pairs
    maya = _row(frames, "user_purchases", "maya")
    assert maya is not None
    often = next(iter(maya["purchased_products"]))
    assert (kinds[often], maya["purchased_products"][often]) == ("energy gel", 3)


def test_what_is_bought_at_one_moment_is_one_order() -> None:
    hour = timedelta(hours=1)
    events = (Event("purchase", "a", 5 * hour), Event("purchase", "b", 5 * hour), Event("purchase", "a", hour))
    shopper = Shopper("s", (*events, Event("view", "a", hour)))
    first, second = orders_of(shopper, NOW)
    assert (first.products, first.time, second.products) == (("a", "b"), NOW - 5 * hour, ("a",))
    behaviour = _row(feature_frames([CHEAP, DEAR], [shopper], NOW), "user_behavior", "s")
    assert behaviour is not None
    assert behaviour["avg_order_value"] == 25  # of orders of 40 and 10
