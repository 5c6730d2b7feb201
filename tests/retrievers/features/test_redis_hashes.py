from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import redis

from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.redis_hash_writer import RedisHashWriter
from retrievers.features.redis_hashes import RedisHashFeatureSource, connect
from retrievers.records import ItemFacts

SHELF = {"price": 12.5, "stock": 3, "rating": 4.5, "rating_count": 8, "popularity": 0.5}


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    opened = connect(redis_url.replace("/0", "/3"))
    opened.flushdb()
    yield opened
    opened.close()


def row(now: datetime, **changes: Any) -> dict[str, Any]:
    return {"product_id": "p1", "event_timestamp": now, **SHELF, **changes}


async def test_hashes_written_by_hand_are_read_as_documented(client: redis.Redis, now: datetime) -> None:
    seconds = int(now.timestamp())
    client.hset("user:u1", mapping={"user_behavior:favorite_category": '"Running"', "user_behavior:__ts": seconds})
    client.hset("item:p1", mapping={"item_stats:price": "129", "item_stats:__ts": seconds - 60})
    source = RedisHashFeatureSource(client)
    features = await source.shopper("u1", now)
    favourite = features["user_behavior:favorite_category"]
    assert (favourite.value, favourite.status, favourite.age_s) == ("Running", "online", 0.0)
    assert {value.status for name, value in features.items() if value is not favourite} == {"missing"}
    expected = ItemFacts("p1", price=129.0, event_time=now - timedelta(minutes=1), age_s=60.0)
    assert await source.items(["p1"], now) == {"p1": expected}


async def test_a_value_without_its_time_decides_nothing(client: redis.Redis, now: datetime) -> None:
    client.hset("user:u1", mapping={"user_profile:budget_limit": "50"})
    features = await RedisHashFeatureSource(client).shopper("u1", now)
    assert features["user_profile:budget_limit"].status == "missing"


@pytest.mark.parametrize(
    "wrong", ["Running", '{"a": 1}', "[1]", "NaN", "Infinity", "true", '"12.5"', "\xff", "[" * 9999]
)
async def test_a_value_of_another_type_counts_as_missing_and_is_said_once(
    client: redis.Redis, now: datetime, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    RedisHashWriter(client).push("item_stats", [row(now), row(now, product_id="p2")])
    for key in ("item:p1", "item:p2"):
        client.hset(key, "item_stats:price", wrong.encode("latin-1"))
    with caplog.at_level(logging.WARNING):
        items = await RedisHashFeatureSource(client).items(["p1", "p2"], now)
    assert [(item.price, item.stock) for item in items.values()] == [(None, 3), (None, 3)]
    said = [record.getMessage() for record in caplog.records if "item_stats:price" in record.getMessage()]
    assert len(said) == (0 if wrong == "NaN" else 1)


@pytest.mark.parametrize("wrong", ["soon", "-1", "1772366400000", "true", "NaN"])
async def test_a_time_that_is_none_makes_its_view_missing(client: redis.Redis, now: datetime, wrong: str) -> None:
    RedisHashWriter(client).push("item_stats", [row(now)])
    client.hset("item:p1", "item_stats:__ts", wrong)
    assert await RedisHashFeatureSource(client).items(["p1"], now) == {}


async def test_one_round_trip_a_call(client: redis.Redis, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    RedisHashWriter(client).push("item_stats", [row(now, product_id=f"p{n}") for n in range(50)])
    sent: list[int] = []
    send = redis.Connection.send_packed_command

    def counting(self: Any, command: Any, check_health: bool = True) -> None:
        sent.append(1)
        send(self, command, check_health)

    monkeypatch.setattr(redis.Connection, "send_packed_command", counting)
    source = RedisHashFeatureSource(client)
    assert len(await source.items([f"p{n}" for n in range(50)], now)) == 50
    assert len(sent) == 1
    await source.shopper("u1", now)
    assert len(sent) == 2


def test_an_older_row_is_counted_as_not_written(client: redis.Redis, now: datetime) -> None:
    writer = RedisHashWriter(client)
    assert writer.push("item_stats", [row(now)]) == 1
    assert writer.push("item_stats", [row(now - timedelta(seconds=1), price=1.0), row(now, product_id="p2")]) == 1
    assert json.loads(client.hget("item:p1", "item_stats:price")) == 12.5


def test_of_two_rows_of_one_time_the_later_written_stays(client: redis.Redis, now: datetime) -> None:
    assert RedisHashWriter(client).push("item_stats", [row(now), row(now, price=11.0)]) == 2
    assert json.loads(client.hget("item:p1", "item_stats:price")) == 11.0


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"price": "cheap"}, "item_stats:price must hold Float64: found str"),
        ({"stock": 1.5}, "item_stats:stock must hold Int64"),
        ({"colour": "red"}, "unexpected columns colour"),
        ({"product_id": ""}, "every product_id must be a non-empty string"),
        ({"event_timestamp": None}, "event_timestamp must hold a time"),
        ({"event_timestamp": datetime(2026, 1, 1)}, "event_timestamp must hold a time with its zone"),
    ],
)
def test_a_malformed_row_is_one_line_and_nothing_of_its_load_is_written(
    client: redis.Redis, now: datetime, changes: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault) as failure:
        RedisHashWriter(client).push("item_stats", [row(now), row(now, **changes)])
    assert "\n" not in str(failure.value)
    assert not client.keys("*")


def test_missing_columns_and_unknown_views_are_named(client: redis.Redis, now: datetime) -> None:
    writer = RedisHashWriter(client)
    with pytest.raises(ValueError, match="missing columns stock"):
        writer.push("item_stats", [{name: value for name, value in row(now).items() if name != "stock"}])
    with pytest.raises(ValueError, match="unknown feature view 'stats'; one of: user_behavior"):
        writer.push("stats", [])


async def test_a_redis_that_is_down_is_one_line(now: datetime) -> None:
    down = connect("127.0.0.1:1")
    with pytest.raises(FeaturesUnavailable, match="refused") as failure:
        await RedisHashFeatureSource(down).shopper("anyone", now)
    assert "\n" not in str(failure.value)
    with pytest.raises(FeaturesUnavailable, match="refused"):
        RedisHashWriter(down).push("item_stats", [row(now)])


async def test_a_key_of_another_kind_is_one_line(client: redis.Redis, now: datetime) -> None:
    client.set("user:u1", "not a hash")
    with pytest.raises(FeaturesUnavailable, match="WRONGTYPE"):
        await RedisHashFeatureSource(client).shopper("u1", now)


def test_an_option_redis_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match=r"not a Redis option: .*colour"):
        connect("cache:6379,colour=red")
