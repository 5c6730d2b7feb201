from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from app.streaming.log import EventLog, window
from tests.app.streaming.conftest import NOW
from tools.ports import EventsUnavailable
from tools.shop.database import open_database


def test_events_come_back_as_they_were_told(log, did) -> None:
    told = [
        did("view", "shoe", run_id="r1", position=0, dwell_s=12.5),
        did("purchase", "coat", quantity=2, price=240.0),
        did("click", "sock", user_id="noor"),
    ]
    assert log.append(told) == 3
    assert list(log.everything()) == [told[0], told[1], told[2]]
    assert log.count("mina") == 2


def test_the_same_event_told_twice_happened_once(log, did) -> None:
    first, second = did(), did()
    assert log.append([first, first]) == 1
    assert log.append([replace(first, product_id="coat"), second]) == 1
    assert [event.product_id for event in log.everything()] == ["shoe", "shoe"]


def test_ids_are_each_shoppers_own(log, did) -> None:
    event = did()
    assert log.append([event, replace(event, user_id="noor")]) == 2


def test_what_is_kept_outlives_the_process(where, did) -> None:
    with closing(open_database(where)) as database:
        EventLog(database).append([did()])
    with closing(open_database(where)) as database:
        assert EventLog(database).append([did(event_id="e0")]) == 0
        assert EventLog(database).count("mina") == 1


def test_a_database_that_fails_is_named(log, did, database, monkeypatch) -> None:
    from tools.shop.errors import ShopStoreError

    def broken(owner):
        raise ShopStoreError("the disk is full")

    monkeypatch.setattr(database, "writing", broken)
    with pytest.raises(EventsUnavailable, match="the disk is full"):
        log.append([did()])


def test_features_are_made_from_a_day_the_last_look_and_two_years_of_purchases(log, did, database) -> None:
    def days(count: float):
        return NOW - timedelta(days=count)

    log.append(
        [
            did("view", "coat", time=days(20)),
            did("view", "shoe", time=days(9)),
            did("purchase", "coat", time=days(300), price=1.0),
            did("purchase", "sock", time=days(800), price=1.0),
        ]
    )
    with database.reading() as connection:
        assert [(e.kind, e.product_id) for e in window(connection, "mina", NOW)] == [
            ("view", "shoe"),
            ("purchase", "coat"),
        ]
    log.append([did("view", "sock", time=days(0.5)), did("cart", "sock", time=days(0.4))])
    with database.reading() as connection:
        kept = [(e.kind, e.product_id) for e in window(connection, "mina", NOW)]
    assert kept == [("purchase", "coat"), ("view", "sock"), ("cart", "sock")]


def test_a_long_log_is_read_whole(log, did, monkeypatch) -> None:
    monkeypatch.setattr("app.streaming.log._AT_ONCE", 3)
    told = [did() for _ in range(8)]
    log.append(told)
    assert list(log.everything()) == told
