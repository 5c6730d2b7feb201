"""Memory of conversations on SQLite and PostgreSQL alike: kept between turns, processes and pauses."""

from __future__ import annotations

import pytest

from graphs.conversation.checkpoints import Checkpoints, in_memory, postgres, sqlite
from graphs.turn import Turn
from tests.support.postgres import new_database


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opened(request, tmp_path):
    """Opens the same memory again, as another process would; the one in memory is the process's own."""
    if request.param == "memory":
        kept = in_memory()
        return lambda: kept
    if request.param == "sqlite":
        return lambda: sqlite(tmp_path / "data" / "conversations.db")
    address = new_database(request.getfixturevalue("postgres"))
    return lambda: postgres(address)


def _assistant(shop, checkpoints: Checkpoints):
    return shop.assistant(checkpoints=checkpoints)


async def test_the_next_turn_knows_the_last_one(shop, opened) -> None:
    first = await _assistant(shop, opened()).ask(Turn("winter coats", "mina", thread_id="t"))
    second = await _assistant(shop, opened()).ask(Turn("compare the first two", "mina", thread_id="t"))
    assert [card.product_id for card in second.products] == [card.product_id for card in first.products[:2]]


async def test_conversations_do_not_know_one_another(shop, opened) -> None:
    assistant = _assistant(shop, opened())
    await assistant.ask(Turn("winter coats", "mina", thread_id="t"))
    other = await assistant.ask(Turn("compare the first two", "mina", thread_id="u"))
    assert other.products == ()


async def test_turns_share_one_saver_while_it_is_kept_open(shop, opened) -> None:
    checkpoints = opened()
    assistant = _assistant(shop, checkpoints)
    async with assistant.kept_open():
        async with checkpoints.saver() as one, checkpoints.saver() as two:
            assert one is two
        await assistant.ask(Turn("winter coats", "mina", thread_id="t"))
    again = await assistant.ask(Turn("compare the first two", "mina", thread_id="t"))
    assert len(again.products) == 2


async def test_forgotten_is_not_remembered(shop, opened) -> None:
    checkpoints = opened()
    assistant = _assistant(shop, checkpoints)
    await assistant.ask(Turn("winter coats", "mina", thread_id="t"))
    async with checkpoints.saver() as saver:
        await saver.adelete_thread("t")
    other = await assistant.ask(Turn("compare the first two", "mina", thread_id="t"))
    assert other.products == ()
