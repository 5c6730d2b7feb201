from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from datetime import timedelta

import pytest

from app.streaming.log import EventLog
from app.streaming.progress import behind
from app.streaming.projector import VIEWS
from tests.app.streaming.conftest import NOW
from tools.ports import EventsUnavailable
from tools.shop.database import open_database

BRAND, CLICKS = "user_session:last_viewed_brand", "user_clicks_last_24h:click_count"


def _late(database) -> list[str]:
    with database.reading() as connection:
        return behind(connection)


async def test_the_next_read_knows_what_happened(opened, features, did, clock, database) -> None:
    assert await opened().put([did("view", "shoe")]) == 1
    known = await features.shopper("mina", clock())
    assert known[BRAND].value == "Arbor"
    assert known[BRAND].status == "online"
    assert known["user_clicks_last_24h:favorite_category"].value == "Shoes"
    assert _late(database) == []


async def test_what_comes_twice_is_counted_once(opened, features, did, clock) -> None:
    events, event = opened(), did()
    assert await events.put([event]) == 1
    clock.after(seconds=5)
    assert await events.put([event, did("click")]) == 1
    assert features.value(CLICKS, "mina") == 2


async def test_an_event_that_comes_late_takes_its_place(opened, features, did, clock) -> None:
    events = opened()
    await events.put([did("view", "shoe")])
    await events.put([did("view", "coat", time=NOW - timedelta(minutes=10))])
    assert features.value(BRAND, "mina") == "Arbor"
    assert features.value(CLICKS, "mina") == 2


async def test_a_crash_after_the_append_is_made_good_when_the_shop_opens_again(
    opened, features, did, database, clock
) -> None:
    opened().log.append([did("view", "coat")])  # and the process is gone
    assert features.rows == {}
    assert _late(database) == ["mina"]

    assert await opened().projection.catch_up() == 1
    assert features.value(BRAND, "mina") == "Nordlys"
    assert _late(database) == []
    features.writes.clear()
    assert await opened().projection.catch_up() == 0
    assert features.writes == []


async def test_a_crash_is_made_good_by_the_next_event_too(opened, features, did, clock) -> None:
    opened().log.append([did("view", "coat")])
    await opened().put([did("view", "shoe", user_id="noor")])
    assert features.value(CLICKS, "mina") is None
    clock.after(seconds=1)
    await opened().put([did("view", "shoe")])
    assert features.value(CLICKS, "mina") == 2


async def test_a_crash_between_two_rows_leaves_them_to_be_written_again(opened, features, did, database) -> None:
    class Died(BaseException):
        pass

    events, write = opened(), features.write

    async def dies(view, row):
        if view == VIEWS[1]:
            raise Died
        await write(view, row)

    features.write = dies
    with suppress(Died):
        await events.put([did()])
    features.write = write
    assert features.writes == [VIEWS[0]]
    assert _late(database) == ["mina"]
    assert await opened().projection.catch_up() == 1
    assert features.value(CLICKS, "mina") == 1
    assert features.value("user_session:views_last_hour", "mina") == 1


async def test_events_are_kept_while_features_cannot_be_written(opened, features, did, database, catalogue) -> None:
    events, features.down = opened(), True
    assert await events.put([did("view", "shoe")]) == 1
    features.down, catalogue.down = False, True
    assert await events.put([did("view", "coat")]) == 1
    assert _late(database) == ["mina"]
    assert events.log.count("mina") == 2
    catalogue.down = False
    assert await events.projection.catch_up() == 1
    assert features.value(CLICKS, "mina") == 2


async def test_what_a_job_writes_is_built_upon_and_our_own_rows_are_not(opened, features, did, clock) -> None:
    """Twice as much is counted when our own row is taken for somebody else's."""
    events = opened()
    await features.write(
        "user_clicks_last_24h",
        {
            "user_id": "mina",
            "event_timestamp": clock() - timedelta(minutes=5),
            "click_count": 7,
            "favorite_category": "Coats",
            "browse_minutes": {"Coats": 30.0},
        },
    )
    for expected in (8, 9, 10):
        clock.after(seconds=2)
        await events.put([did("view", "shoe", dwell_s=60)])
        assert features.value(CLICKS, "mina") == expected
    assert features.value("user_clicks_last_24h:browse_minutes", "mina") == {"Coats": 30.0, "Shoes": 3.0}

    clock.after(minutes=1)
    nightly = {
        "click_count": 40,
        "favorite_category": "Socks",
        "browse_minutes": None,
        "user_id": "mina",
        "event_timestamp": clock(),
    }
    await features.write("user_clicks_last_24h", nightly)
    clock.after(minutes=1)
    await opened().put([did("view", "shoe")])
    assert features.value(CLICKS, "mina") == 41
    clock.after(hours=25)
    await opened().put([did("view", "shoe")])
    assert features.value(CLICKS, "mina") == 1


async def test_a_time_survives_in_what_was_known_before(opened, features, did, clock) -> None:
    row = dict.fromkeys(
        (
            "last_viewed_product",
            "last_viewed_brand",
            "last_viewed_category",
            "views_last_hour",
            "cart_total",
            "last_purchase_category",
        )
    )
    bought = NOW - timedelta(days=3)
    row |= {"user_id": "mina", "event_timestamp": NOW - timedelta(minutes=1)}
    await features.write("user_session", {**row, "last_purchase_product": "coat", "last_purchased_at": bought})
    events = opened()
    for _ in range(2):
        await events.put([did("view", "shoe")])
        assert features.value("user_session:last_purchased_at", "mina") == bought
        clock.after(seconds=3)


async def test_two_at_once_leave_what_both_saw(opened, features, did, clock, log) -> None:
    """The slower of two processes finds that more became known while it wrote, and writes again."""
    slow, quick, write = opened(), opened(), features.write
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def stopping(view, row):
        if not reached.is_set():
            reached.set()
            await go_on.wait()
        await write(view, row)

    slow.projection._writer = type("Writer", (), {"write": staticmethod(stopping)})()
    first = asyncio.create_task(slow.put([did("view", "coat")]))
    await reached.wait()
    await quick.put([did("view", "shoe")])
    go_on.set()
    await first
    assert features.value(CLICKS, "mina") == 2
    assert features.value(BRAND, "mina") in ("Arbor", "Nordlys")  # of the same moment either may be the last


async def test_what_is_erased_stays_so(opened, features, did, database, clock) -> None:
    events = opened()
    await events.put([did(), did("click")])
    assert await events.erase("mina") == 2
    assert events.log.count("mina") == 0
    assert _late(database) == []
    features.writes.clear()
    assert await events.projection.catch_up() == 0
    assert await events.projection.bring_up("mina") is True
    assert features.writes == []


async def test_what_another_process_erased_meanwhile_is_not_told_again(opened, features, did, database) -> None:
    """The slower of two processes writes what it had read when the other has already erased it, and takes it back."""
    slow, quick, write = opened(), opened(), features.write
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def stopping(view, row):
        if not reached.is_set():
            reached.set()
            await go_on.wait()
        await write(view, row)

    slow.projection._writer = type("Writer", (), {"write": staticmethod(stopping)})()
    first = asyncio.create_task(slow.put([did("view", "coat")]))
    await reached.wait()
    assert await quick.erase("mina") == 1
    features.rows.clear()
    features.writes.clear()
    go_on.set()
    await first
    assert len(features.writes) > 1
    assert (features.value(BRAND, "mina"), features.value(CLICKS, "mina")) == (None, None)
    assert _late(database) == []


async def test_an_erased_number_is_not_taken_for_one_that_was_told(where, opened, features, did, clock) -> None:
    events = opened()
    await events.put([did()])
    await events.erase("mina")
    features.rows.clear()
    with closing(open_database(where)) as database:
        assert EventLog(database).append([did("view", "coat")]) == 1
    assert await opened().projection.catch_up() == 1
    assert features.value(BRAND, "mina") == "Nordlys"


async def test_what_could_not_be_kept_or_told_by_the_features_is_counted_and_said(
    opened, did, features, log, monkeypatch, caplog
) -> None:
    events, twice = opened(), did()
    await events.put([twice])
    await events.put([twice])
    features.down = True
    await events.put([did()])
    monkeypatch.setattr(log, "append", _fails)
    with pytest.raises(EventsUnavailable):
        await events.put([did(), did()])
    events.lost(7)
    assert events.counts == {"kept": 2, "duplicate": 1, "unkept": 2, "lost": 7, "behind": 1}
    assert "2 events could not be kept" in caplog.text
    assert "7 events were given up" in caplog.text


def _fails(events):
    raise EventsUnavailable("the disk is full")
