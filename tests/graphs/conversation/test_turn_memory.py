"""A memory that fails costs what was said before, never the answer, and is whole when it is back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.conversations.store import StoredHistory
from graphs.conversation import checkpoints
from graphs.conversation.history import UnknownThread
from graphs.observing import Observers, TurnRecord
from graphs.turn import Turn
from tools.shop import database
from tools.shop.errors import ShopStoreError

COATS, COMPARED = Turn("winter coats", "mina", thread_id="t"), Turn("compare the first two", "mina", thread_id="t")


@pytest.fixture
def memory(tmp_path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def records(tmp_path) -> Path:
    return tmp_path / "shop.db"


@pytest.fixture
def traced() -> list[TurnRecord]:
    return []


@pytest.fixture
def assistant(shop, memory, records, traced, monkeypatch):
    monkeypatch.setattr(checkpoints, "_PATIENCE_S", 0)
    monkeypatch.setattr(database, "_BUSY_S", 0)
    history = StoredHistory(database.connect(records), lambda: shop.now)
    return shop.assistant(checkpoints=checkpoints.sqlite(memory), history=history, observer=_Kept(traced))


class _Kept(Observers):
    def __init__(self, records: list[TurnRecord]) -> None:
        super().__init__()
        self._records = records

    def see(self, record: TurnRecord) -> None:
        self._records.append(record)


@contextmanager
def _taken(path: Path) -> Iterator[None]:
    """Another process writes and does not end."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
    connection.close()


def _told(answer) -> list[tuple[str, str]]:
    return [(item.part, item.kind) for item in answer.degraded]


async def test_a_memory_that_cannot_be_opened_costs_the_memory_alone(assistant, memory) -> None:
    memory.mkdir()
    answer = await assistant.ask(COATS)
    assert answer.products
    assert _told(answer) == [("memory", "down")]
    assert len(await assistant.exchanges("t", "mina")) == 1


async def test_what_was_remembered_before_is_whole_when_the_memory_is_back(assistant, memory) -> None:
    before = await assistant.ask(COATS)
    with _taken(memory):
        meanwhile = await assistant.ask(Turn("running shoes", "mina", thread_id="t"))
    assert meanwhile.products
    assert _told(meanwhile) == [("memory", "down")]
    after = await assistant.ask(COMPARED)
    assert [card.product_id for card in after.products] == [card.product_id for card in before.products[:2]]
    assert _told(after) == []


async def test_a_memory_that_cannot_be_read_is_not_written_over(assistant, memory) -> None:
    before = await assistant.ask(COATS)
    kept = _change(memory, "UPDATE checkpoints SET type = 'unreadable ' || type")
    lost = await assistant.ask(COMPARED)
    assert lost.products == ()
    assert _told(lost) == [("memory", "down")]
    assert _change(memory, "UPDATE checkpoints SET type = substr(type, 12)") == kept
    after = await assistant.ask(COMPARED)
    assert [card.product_id for card in after.products] == [card.product_id for card in before.products[:2]]


def _change(path: Path, statement: str) -> int:
    """The rows there are afterwards."""
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
        return connection.execute("SELECT count(*) FROM checkpoints").fetchone()[0]


async def test_the_notice_reaches_the_shopper(assistant, memory) -> None:
    memory.mkdir()
    told = [payload async for name, payload in assistant.stream(COATS) if name == "degraded"]
    assert [len(payload["notices"]) for payload in told] == [1]
    assert "memory of our conversation" in told[0]["notices"][0]


async def test_of_a_conversation_that_cannot_be_looked_up_nothing_is_read_or_written(
    assistant, records, traced
) -> None:
    """It may be somebody else's."""
    await assistant.ask(COATS)
    with _renamed(records, "threads"):
        answer = await assistant.ask(COMPARED)
        assert answer.thread_id == "t"
        assert [record.thread_id for record in traced] == ["t", answer.trace_id]
        assert _told(answer) == [("memory", "down")]
        assert answer.products == ()
    assert len(await assistant.exchanges("t", "mina")) == 1
    with pytest.raises(UnknownThread):
        await assistant.ask(Turn("compare the first two", "noor", thread_id="t"))


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(assistant, records) -> None:
    await assistant.ask(COATS)
    with _taken(records):
        answer = await assistant.ask(COMPARED)
    assert len(answer.products) == 2
    assert _told(answer) == [("memory", "down")]
    assert len(await assistant.exchanges("t", "mina")) == 1


async def test_what_needs_the_record_of_a_conversation_says_that_it_cannot_be_reached(assistant, records) -> None:
    answer = await assistant.ask(COATS)
    with _renamed(records, "exchanges"), pytest.raises(ShopStoreError):
        await assistant.again(answer.trace_id, "mina", "en", None)


@contextmanager
def _renamed(path: Path, table: str) -> Iterator[None]:
    """A database of which a part cannot be read."""
    with sqlite3.connect(path) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO gone")
    yield
    with sqlite3.connect(path) as connection:
        connection.execute(f"ALTER TABLE gone RENAME TO {table}")
