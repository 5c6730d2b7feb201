"""The same rows in, the same features out, whichever store holds them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from retrievers.records import FeatureValue
from tests.retrievers.features.backends import BACKENDS, SHOPPER_VIEWS, Backend

MakeFrame = Callable[..., pd.DataFrame]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def statuses(features: Mapping[str, FeatureValue], view: str) -> set[str]:
    return {value.status for name, value in features.items() if name.startswith(f"{view}:")}


async def test_everything_written_comes_back_in_its_type(
    backend: Backend, make_frame: MakeFrame, now: datetime
) -> None:
    for view in SHOPPER_VIEWS:
        backend.write(view, make_frame(view, "whole", MINUTE))
    features = await backend.source.shopper("whole", now)
    assert len(features) == 23
    answered = {name for name, value in features.items() if value.status == "onboarding"}
    assert answered == {"user_profile:onboarding_categories", "user_profile:onboarding_budget"}
    assert {value.status for name, value in features.items() if name not in answered} == {"online"}
    assert features["user_behavior:favorite_category"].value == "Running"
    assert features["user_clicks_last_24h:favorite_category"].value == "Winter coats"
    assert features["user_behavior:avg_order_value"].value == 84.5
    assert features["user_behavior:total_purchases_30d"].value == 3
    assert features["user_clicks_last_24h:browse_minutes"].value == {"Winter coats": 20.0, "Running shoes": 1.5}
    assert isinstance(features["user_clicks_last_24h:browse_minutes"].value["Winter coats"], float)
    assert features["user_profile:sizes"].value == {"shoe": "42", "coat": "M"}
    assert features["user_profile:excluded_brands"].value == ["Acme", "Bolt"]
    assert features["user_session:last_purchased_at"].value == datetime(2026, 2, 22, 9, 30, tzinfo=UTC)
    assert features["user_behavior:avg_order_value"].event_time == now - MINUTE
    assert features["user_behavior:avg_order_value"].age_s == 60.0


async def test_an_unknown_shopper_has_every_feature_missing(backend: Backend, now: datetime) -> None:
    features = await backend.source.shopper("nobody", now)
    assert len(features) == 23
    assert all(value == FeatureValue(name, None, "missing") for name, value in features.items())


async def test_null_and_empty_values_are_missing_and_their_neighbours_are_not(
    backend: Backend, make_frame: MakeFrame, now: datetime
) -> None:
    backend.write("user_behavior", make_frame("user_behavior", "nulls", avg_order_value=None, total_purchases_30d=None))
    backend.write("user_session", make_frame("user_session", "nulls", last_purchased_at=None, last_viewed_brand=None))
    backend.write("user_profile", make_frame("user_profile", "nulls", excluded_brands=[], sizes={}, budget_limit=None))
    features = await backend.source.shopper("nulls", now)
    missing = {name for name, value in features.items() if value.status == "missing" and value.event_time is not None}
    assert missing == {
        "user_behavior:avg_order_value",
        "user_behavior:total_purchases_30d",
        "user_session:last_purchased_at",
        "user_session:last_viewed_brand",
        "user_profile:excluded_brands",
        "user_profile:sizes",
        "user_profile:budget_limit",
    }
    assert all(features[name].value is None for name in missing)
    assert features["user_behavior:favorite_category"].value == "Running"


async def test_a_push_of_nothing_but_nulls_clears_the_row(
    backend: Backend, make_frame: MakeFrame, now: datetime
) -> None:
    first = make_frame("user_profile", "cleared", MINUTE)
    backend.write("user_profile", first)
    assert statuses(await backend.source.shopper("cleared", now), "user_profile") == {"online", "onboarding"}
    features = [column for column in first.columns if column not in ("user_id", "event_timestamp")]
    backend.write("user_profile", make_frame("user_profile", "cleared", **dict.fromkeys(features)))
    assert statuses(await backend.source.shopper("cleared", now), "user_profile") == {"missing"}


@pytest.mark.parametrize(
    ("view", "age", "status"),
    [
        ("user_behavior", 30 * DAY, "online"),
        ("user_behavior", 30 * DAY + MINUTE, "stale"),
        ("user_clicks_last_24h", DAY, "online"),
        ("user_clicks_last_24h", DAY + MINUTE, "stale"),
        ("user_purchases", 365 * DAY, "online"),
        ("user_behavior", -MINUTE, "online"),
    ],
)
async def test_a_value_older_than_its_ttl_is_stale(
    backend: Backend,
    make_frame: MakeFrame,
    now: datetime,
    view: str,
    age: timedelta,
    status: str,
) -> None:
    user = f"aged-{view}-{age}"
    backend.write(view, make_frame(view, user, age))
    features = await backend.source.shopper(user, now)
    assert statuses(features, view) == {status}
    some = next(value for name, value in features.items() if name.startswith(view))
    assert some.value is not None
    assert some.readable is (status == "online")
    assert some.age_s == max(0.0, age.total_seconds())


@pytest.mark.parametrize(
    ("age", "stale"),
    [
        (HOUR, set()),
        (2 * HOUR, {"views_last_hour"}),
        (
            2 * DAY,
            {"views_last_hour", "last_viewed_product", "last_viewed_brand", "last_viewed_category", "cart_total"},
        ),
    ],
)
async def test_parts_of_a_session_age_at_their_own_pace(
    backend: Backend, make_frame: MakeFrame, now: datetime, age: timedelta, stale: set[str]
) -> None:
    user = f"session-{age}"
    backend.write("user_session", make_frame("user_session", user, age))
    features = await backend.source.shopper(user, now)
    assert {name.split(":")[1] for name, value in features.items() if value.status == "stale"} == stale
    assert features["user_session:last_purchase_product"].status == "online"


async def test_age_is_judged_by_the_clock_of_the_turn(backend: Backend, make_frame: MakeFrame, now: datetime) -> None:
    backend.write("user_clicks_last_24h", make_frame("user_clicks_last_24h", "clocked"))
    assert statuses(await backend.source.shopper("clocked", now), "user_clicks_last_24h") == {"online"}
    assert statuses(await backend.source.shopper("clocked", now + 2 * DAY), "user_clicks_last_24h") == {"stale"}


async def test_items_are_read_at_once_and_unknown_ones_left_out(
    backend: Backend, make_frame: MakeFrame, now: datetime
) -> None:
    backend.write("item_stats", make_frame("item_stats", "A", HOUR))
    backend.write("item_stats", make_frame("item_stats", "B", HOUR, price=None, stock=0))
    items = await backend.source.items(["A", "unknown", "B", "A"], now)
    assert list(items) == ["A", "B"]
    assert (items["A"].price, items["A"].stock, items["A"].rating, items["A"].rating_count) == (129.0, 7, 4.6, 31)
    assert (items["B"].price, items["B"].stock, items["B"].stale) == (None, 0, False)
    assert items["A"].age_s == 3600.0


async def test_an_item_past_its_hard_age_keeps_nothing_but_its_age(
    backend: Backend, make_frame: MakeFrame, now: datetime
) -> None:
    backend.write("item_stats", make_frame("item_stats", "old", 7 * DAY + MINUTE))
    backend.write("item_stats", make_frame("item_stats", "young", 7 * DAY))
    items = await backend.source.items(["old", "young"], now)
    assert items["old"].stale
    assert (items["old"].price, items["old"].stock, items["old"].popularity) == (None, None, None)
    assert items["old"].event_time == now - 7 * DAY - MINUTE
    assert not items["young"].stale
    assert items["young"].price == 129.0


async def test_reads_at_the_same_time_do_not_mix(backend: Backend, make_frame: MakeFrame, now: datetime) -> None:
    users = [f"crowd-{number}" for number in range(20)]
    rows = [make_frame("user_behavior", user, avg_order_value=float(n)) for n, user in enumerate(users)]
    backend.write("user_behavior", pd.concat(rows))
    read = await asyncio.gather(*(backend.source.shopper(user, now) for user in users))
    assert [features["user_behavior:avg_order_value"].value for features in read] == [float(n) for n in range(20)]


async def test_all_stores_say_the_same(
    backend_of: Callable[[str], Backend], make_frame: MakeFrame, now: datetime
) -> None:
    """Whole rows, nulls, empty lists, fractions of a second, an older event after a newer one."""
    later = timedelta(milliseconds=-1)
    rows = {
        "complete": {view: [make_frame(view, "complete", HOUR + later)] for view in SHOPPER_VIEWS},
        "sparse": {
            "user_behavior": [make_frame("user_behavior", "sparse", avg_order_value=None)],
            "user_profile": [make_frame("user_profile", "sparse", sizes={}, excluded_brands=[])],
        },
        "overtaken": {
            "user_behavior": [
                make_frame("user_behavior", "overtaken", MINUTE),
                make_frame("user_behavior", "overtaken", HOUR, avg_order_value=1.0),
                make_frame("user_behavior", "overtaken", timedelta(), total_purchases_30d=9),
            ]
        },
    }
    shelf = [make_frame("item_stats", "s1", 8 * DAY), make_frame("item_stats", "s2", MINUTE, price=None, rating=4)]
    said = []
    for name in BACKENDS:
        backend = backend_of(name)
        for frames in rows.values():
            for view, versions in frames.items():
                for version in versions:
                    backend.write(view, version)
        for row in shelf:
            backend.write("item_stats", row)
        shoppers = [await backend.source.shopper(user, now) for user in (*rows, "stranger")]
        said.append((shoppers, await backend.source.items(["s2", "s1", "s0"], now)))
    assert said[0][0][0]["user_behavior:avg_order_value"].value == 84.5
    assert said[0][0][2]["user_behavior:total_purchases_30d"].value == 9
    for name, each in zip(BACKENDS, said, strict=True):
        assert each == said[0], name  # but for two events of one time: Feast's Redis keeps the first written


async def test_what_orders_say_of_a_product_has_an_age_of_its_own(
    backend: Backend, make_frame: MakeFrame, now: datetime
) -> None:
    """A price past its hard age says nothing against purchases, and purchases never make a price look fresh."""
    backend.write("item_stats", make_frame("item_stats", "both", 8 * DAY))
    for product in ("both", "sold"):
        backend.write("item_purchases", make_frame("item_purchases", product, DAY))
    assert (await backend.source.items(["both"], now))["both"].repurchase_rate is None
    items = await backend.source.items(["both", "sold"], now, orders=True)
    both, sold = items["both"], items["sold"]
    assert (both.stale, both.price, both.age_s) == (True, None, 8 * DAY.total_seconds())
    assert both.bought_together == {"GEL-0007": 0.4, "SOCK-0001": 0.1}
    assert (sold.stale, sold.price, sold.event_time, sold.repurchase_rate) == (False, None, None, 0.3)
