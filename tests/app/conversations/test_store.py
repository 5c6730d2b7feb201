"""Conversations on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.conversations.store import StoredHistory
from graphs.conversation.history import Feedback, UnknownThread
from graphs.turn import Turn
from tests.support.postgres import new_database
from tools.shop.database import open_database

START = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def history(request, tmp_path) -> Iterator[StoredHistory]:
    where = tmp_path / "shop.db" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres"))
    database = open_database(where)
    ticks = (START + timedelta(minutes=minute) for minute in range(1000))
    yield StoredHistory(database, lambda: next(ticks))
    database.close()


async def _say(history: StoredHistory, thread: str, user: str, said: str, run: str) -> None:
    await history.enter(thread, user)
    await history.append(Turn(said, user, thread_id=thread), thread, said, {"trace_id": run, "answer": f"{said}!"})


async def test_what_was_said_comes_back_in_order(history) -> None:
    await _say(history, "t1", "mina", "winter coats", "r1")
    await _say(history, "t1", "mina", "장바구니에 담아줘", "r2")
    first, second = await history.exchanges("t1", "mina")
    assert [(first.run_id, first.said), (second.run_id, second.said)] == [
        ("r1", "winter coats"),
        ("r2", "장바구니에 담아줘"),
    ]
    assert first.answer == {"trace_id": "r1", "answer": "winter coats!"}
    assert first.time.tzinfo is not None
    assert first.time < second.time


async def test_conversations_are_listed_the_latest_first(history) -> None:
    await _say(history, "t1", "mina", "coats", "r1")
    await _say(history, "t2", "mina", "shoes", "r2")
    await _say(history, "t1", "mina", "cheaper", "r3")
    await _say(history, "t3", "noor", "laptops", "r4")
    listed = await history.threads("mina")
    assert [(one.thread_id, one.title, one.turns) for one in listed] == [("t1", "coats", 2), ("t2", "shoes", 1)]
    assert listed[0].started < listed[0].latest


async def test_somebody_elses_conversation_is_unknown(history) -> None:
    await _say(history, "t1", "mina", "coats", "r1")
    with pytest.raises(UnknownThread):
        await history.enter("t1", "noor")
    with pytest.raises(UnknownThread):
        await history.exchanges("t1", "noor")
    with pytest.raises(UnknownThread):
        await history.forget("t1", "noor")
    assert len(await history.exchanges("t1", "mina")) == 1
    assert await history.threads("noor") == []


async def test_forgotten_is_gone_and_an_answer_that_comes_late_stays_out(history) -> None:
    await _say(history, "t1", "mina", "coats", "r1")
    await history.forget("t1", "mina")
    assert await history.threads("mina") == []
    with pytest.raises(UnknownThread):
        await history.exchanges("t1", "mina")
    await history.append(Turn("late", "mina"), "t1", "late", {"trace_id": "r2"})
    assert await history.threads("mina") == []


async def test_the_latest_word_on_an_answer_is_kept_with_it(history) -> None:
    await _say(history, "t1", "mina", "coats", "r1")
    await _say(history, "t1", "mina", "cheaper", "r2")
    await history.rate("r1", "mina", Feedback(-1, "too dear"))
    await history.rate("r1", "mina", Feedback(1))
    first, second = await history.exchanges("t1", "mina")
    assert (first.feedback, second.feedback) == (Feedback(1), None)
    assert await history.exchange("r1", "mina") == first
    await history.rate("r1", "mina", None)
    assert (await history.exchange("r1", "mina")).feedback is None


async def test_somebody_elses_answer_is_neither_read_nor_judged(history) -> None:
    await _say(history, "t1", "mina", "coats", "r1")
    for run, user in (("r1", "noor"), ("r2", "mina")):
        with pytest.raises(UnknownThread):
            await history.rate(run, user, Feedback(1))
        with pytest.raises(UnknownThread):
            await history.exchange(run, user)
    assert (await history.exchange("r1", "mina")).feedback is None


async def test_a_word_goes_with_its_answer(history) -> None:
    await _say(history, "t1", "mina", "coats", "r1")
    await history.rate("r1", "mina", Feedback(1))
    again = Turn("coats", "mina", thread_id="t1", replaces="r1")
    await history.append(again, "t1", "coats", {"trace_id": "r2"})
    (only,) = await history.exchanges("t1", "mina")
    assert (only.run_id, only.feedback) == ("r2", None)
    await history.rate("r2", "mina", Feedback(-1))
    await history.forget("t1", "mina")
    assert await history.owned("mina") == []


async def test_a_conversation_without_an_answer_is_owned_all_the_same(history) -> None:
    await history.enter("t1", "mina")
    await history.enter("t2", "noor")
    assert await history.threads("mina") == []
    assert await history.owned("mina") == ["t1"]


async def test_a_forgotten_conversation_is_never_begun_again(history) -> None:
    await _say(history, "t1", "mina", "coats", "r1")
    assert not await history.is_forgotten("t1")
    await history.forget("t1", "mina")
    assert history.forgotten(["t1", "t2"]) == {"t1"}
    for who in ("mina", "noor"):
        with pytest.raises(UnknownThread):
            await history.enter("t1", who)
    await history.append(Turn("coats", "mina"), "t1", "coats", {"trace_id": "r2"})  # of a turn that was under way
    assert await history.threads("mina") == []


async def test_what_only_traces_know_of_is_buried_and_twice_is_once(history) -> None:
    for _ in range(2):
        await history.bury(["t1", "t2"])
    assert history.forgotten([f"t{number}" for number in range(1000)]) == {"t1", "t2"}
