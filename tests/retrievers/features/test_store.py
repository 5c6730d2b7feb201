from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pandas as pd
import pytest

from retrievers.features.config import FeatureStoreConfig
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.reader import FeastFeatureSource
from retrievers.features.sqlite_store import NewestSqliteOnlineStore
from retrievers.features.store import FeastStore

MakeFrame = Callable[..., pd.DataFrame]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def average(source: FeastFeatureSource, user: str, now: datetime) -> float | None:
    return (await source.shopper(user, now))["user_behavior:avg_order_value"].value


@pytest.fixture
def offline(store: FeastStore) -> FeastStore:
    for view in store.repository.views:
        store.config.offline_file(view.name).unlink(missing_ok=True)
    return store


async def test_an_older_event_never_replaces_a_newer_one(
    store: FeastStore, source: FeastFeatureSource, make_frame: MakeFrame, now: datetime
) -> None:
    store.push("user_behavior", make_frame("user_behavior", "late", MINUTE, avg_order_value=2.0))
    store.push("user_behavior", make_frame("user_behavior", "late", 2 * MINUTE, avg_order_value=1.0))
    assert await average(source, "late", now) == 2.0
    store.push("user_behavior", make_frame("user_behavior", "late", avg_order_value=3.0))
    assert await average(source, "late", now) == 3.0


async def test_the_newest_row_of_one_batch_wins_whatever_its_place(
    store: FeastStore, source: FeastFeatureSource, make_frame: MakeFrame, now: datetime
) -> None:
    ages = {2.0: MINUTE, 3.0: timedelta(), 1.0: 2 * MINUTE}
    rows = [make_frame("user_behavior", "batch", age, avg_order_value=value) for value, age in ages.items()]
    store.write_online("user_behavior", pd.concat(rows))
    assert await average(source, "batch", now) == 3.0


async def test_materialize_brings_the_newest_row_of_the_time_asked_for(
    offline: FeastStore, source: FeastFeatureSource, make_frame: MakeFrame, now: datetime
) -> None:
    ages = {1.0: 20 * DAY, 2.0: 10 * DAY, 3.0: DAY}
    rows = [make_frame("user_behavior", "history", age, avg_order_value=value) for value, age in ages.items()]
    offline.write_offline("user_behavior", pd.concat(rows))
    assert offline.materialize(now - 30 * DAY, now - 5 * DAY) == ("user_behavior",)
    assert await average(source, "history", now) == 2.0
    offline.materialize(now - 30 * DAY, now)
    assert await average(source, "history", now) == 3.0


async def test_materialize_does_not_take_back_what_was_pushed_since(
    offline: FeastStore, source: FeastFeatureSource, make_frame: MakeFrame, now: datetime
) -> None:
    offline.write_offline("user_behavior", make_frame("user_behavior", "since", DAY, avg_order_value=1.0))
    offline.push("user_behavior", make_frame("user_behavior", "since", avg_order_value=2.0))
    offline.materialize(now - 30 * DAY, now)
    assert await average(source, "since", now) == 2.0


async def test_every_type_survives_the_history(
    offline: FeastStore, source: FeastFeatureSource, make_frame: MakeFrame, now: datetime
) -> None:
    for view in ("user_clicks_last_24h", "user_session", "user_profile"):
        offline.write_offline(view, make_frame(view, "offline", MINUTE))
    empty = make_frame("user_behavior", "offline", MINUTE, avg_order_value=None, last_viewed_brand=None)
    offline.write_offline("user_behavior", empty)
    assert len(offline.materialize(now - DAY, now)) == 4
    features = await source.shopper("offline", now)
    assert features["user_profile:excluded_brands"].value == ["Acme", "Bolt"]
    assert features["user_profile:sizes"].value == {"shoe": "42", "coat": "M"}
    assert features["user_clicks_last_24h:browse_minutes"].value == {"Winter coats": 20.0, "Running shoes": 1.5}
    assert features["user_session:last_purchased_at"].value == datetime.fromisoformat("2026-02-22T09:30:00+00:00")
    assert features["user_behavior:avg_order_value"].status == "missing"
    assert features["user_behavior:total_purchases_30d"].value == 3


def test_materialize_prints_nothing(
    offline: FeastStore, make_frame: MakeFrame, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    offline.write_offline("user_behavior", make_frame("user_behavior", "quiet", DAY))
    assert offline.materialize(now - 30 * DAY, now) == ("user_behavior",)
    assert capsys.readouterr().out == ""


def test_without_a_history_nothing_is_materialized(offline: FeastStore, now: datetime) -> None:
    assert offline.materialize(now - DAY, now) == ()


async def test_many_rows_are_written_in_batches_with_progress(
    store: FeastStore, source: FeastFeatureSource, make_frame: MakeFrame, now: datetime
) -> None:
    one = make_frame("item_stats", "X")
    many = pd.concat([one] * 4500, ignore_index=True)
    many["product_id"] = [f"many-{number}" for number in range(4500)]
    many["stock"] = range(4500)
    written: list[int] = []
    store.write_online("item_stats", many, written.append)
    assert written == [2000, 2000, 500]
    items = await source.items([f"many-{number}" for number in range(0, 4500, 90)], now)
    assert [item.stock for item in items.values()] == list(range(0, 4500, 90))


@pytest.mark.parametrize("write", ["push", "write_online", "write_offline"])
def test_wrong_columns_are_named(store: FeastStore, make_frame: MakeFrame, write: str) -> None:
    wrong = make_frame("user_behavior", "wrong", mood="sunny").drop(columns=["avg_order_value", "event_timestamp"])
    with pytest.raises(ValueError, match=r"missing columns event_timestamp, avg_order_value; unexpected columns mood$"):
        getattr(store, write)("user_behavior", wrong)


@pytest.mark.parametrize(
    ("view", "changes", "message"),
    [
        ("user_behavior", {"avg_order_value": "much"}, "avg_order_value must hold Float64"),
        ("user_behavior", {"total_purchases_30d": 1.5}, "total_purchases_30d must hold Int64"),
        ("user_behavior", {"favorite_category": 7}, "favorite_category must hold String"),
        ("user_behavior", {"event_timestamp": "yesterday-ish"}, "event_timestamp must hold times"),
        ("user_behavior", {"event_timestamp": None}, "event_timestamp must not be empty"),
        ("user_behavior", {"user_id": ""}, "every user_id must be a non-empty string"),
        ("user_profile", {"excluded_brands": "Acme"}, "excluded_brands must hold Array"),
        ("user_profile", {"sizes": {"shoe": 42}}, "sizes must hold Json"),
        ("user_clicks_last_24h", {"browse_minutes": {"Coats": "long"}}, "browse_minutes must hold Json"),
        ("user_clicks_last_24h", {"browse_minutes": [1]}, "browse_minutes must hold Json"),
    ],
)
def test_wrong_values_are_named(
    store: FeastStore, make_frame: MakeFrame, view: str, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{view}: {message}") as failure:
        store.push(view, make_frame(view, "wrong", **changes))
    assert "\n" not in str(failure.value)


def test_applying_again_keeps_what_is_online(store: FeastStore, make_frame: MakeFrame) -> None:
    store.push("user_behavior", make_frame("user_behavior", "again"))
    store.apply()
    columns = store.read_online("shopper_turn", ["again"])
    assert columns["user_behavior__avg_order_value"] == [84.5]


def test_opening_a_store_leaves_no_trace(tmp_path: Path) -> None:
    config = FeatureStoreConfig(tmp_path / "data" / "features")
    unapplied = FeastStore(config)
    with pytest.raises(FeaturesUnavailable):
        unapplied.read_online("shopper_turn", ["anyone"])
    assert list(tmp_path.iterdir()) == []
    unapplied.apply()
    assert config.online_db.exists()


async def test_nullable_columns_of_pandas_are_taken(
    store: FeastStore, source: FeastFeatureSource, make_frame: MakeFrame, now: datetime
) -> None:
    frame = make_frame("item_stats", "nullable")
    frame = frame.assign(price=pd.array([None], dtype="Float64"), stock=pd.array([None], dtype="Int64"))
    store.write_online("item_stats", frame)
    item = (await source.items(["nullable"], now))["nullable"]
    assert (item.price, item.stock, item.rating_count) == (None, None, 31)


def test_writing_before_applying_says_what_to_do(tmp_path: Path, make_frame: MakeFrame, now: datetime) -> None:
    unapplied = FeastStore(FeatureStoreConfig(tmp_path))
    for write in (unapplied.push, unapplied.write_online):
        with pytest.raises(FeaturesUnavailable, match="run `shelfwise features apply`"):
            write("user_behavior", make_frame("user_behavior", "early"))
    unapplied.write_offline("user_behavior", make_frame("user_behavior", "early"))
    with pytest.raises(FeaturesUnavailable, match="run `shelfwise features apply`"):
        unapplied.materialize(now - DAY, now)


def test_a_failed_replacement_leaves_the_history_as_it_was(offline: FeastStore, make_frame: MakeFrame) -> None:
    offline.write_offline("user_behavior", make_frame("user_behavior", "kept"))
    with pytest.raises(ValueError, match="avg_order_value"):
        offline.write_offline("user_behavior", make_frame("user_behavior", "lost", avg_order_value="much"))
    assert list(offline.read_offline("user_behavior")["user_id"]) == ["kept"]
    assert [path.name for path in offline.config.offline_file("user_behavior").parent.iterdir()] == [
        "user_behavior.parquet"
    ]


async def test_a_store_that_was_deleted_or_replaced_is_noticed(
    tmp_path: Path, make_frame: MakeFrame, now: datetime
) -> None:
    """An open connection would read the old file for ever."""
    store = FeastStore(FeatureStoreConfig(tmp_path / "features"))
    store.apply()
    store.write_online("user_behavior", make_frame("user_behavior", "one", avg_order_value=1.0))
    source = FeastFeatureSource(store)
    assert await average(source, "one", now) == 1.0

    for file in store.config.root.glob("online.db*"):
        file.rename(tmp_path / file.name)
    with pytest.raises(FeaturesUnavailable):
        await source.shopper("one", now)

    for file in tmp_path.glob("online.db*"):
        file.rename(store.config.root / file.name)
    assert await average(source, "one", now) == 1.0


def test_first_reads_from_many_threads_share_one_connection(tmp_path: Path) -> None:
    """A second thread once took the connection the first was still making for one of a replaced file, and closed it."""
    for turn in range(30):
        config = FeatureStoreConfig(tmp_path / str(turn)).repo_config()
        store, together = NewestSqliteOnlineStore(), Barrier(4)

        def read(store=store, together=together, config=config) -> object:
            together.wait()
            connection = store._get_conn(config)
            assert connection.execute("SELECT 1").fetchone() == (1,)
            return connection

        with ThreadPoolExecutor(4) as threads:
            opened = [each.result() for each in [threads.submit(read) for _ in range(4)]]
        assert len(set(map(id, opened))) == 1
