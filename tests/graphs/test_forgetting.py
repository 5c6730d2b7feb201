"""A conversation forgotten while it is being answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from app.conversations.store import StoredHistory
from graphs.conversation.checkpoints import in_memory
from graphs.conversation.history import UnknownThread
from graphs.turn import Turn, TurnStopped
from retrievers.records import ItemFacts, ShopperFeatures
from tests.support.small_shop import COATS
from tools.shop.database import open_database


class Waiting:
    """A feature source that says when it is asked, and answers when told to."""

    def __init__(self, source: Any) -> None:
        self._source, self.asked, self.gate = source, asyncio.Event(), asyncio.Event()

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        self.asked.set()
        await self.gate.wait()
        return await self._source.shopper(user_id, now)

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        return await self._source.items(product_ids, now, orders=orders)


async def test_the_turn_is_stopped_and_nothing_of_it_comes_back(shop, tmp_path) -> None:
    database, checkpoints = open_database(tmp_path / "said.db"), in_memory()
    features = Waiting(shop.features)
    reader = shop.reader(features=features)
    history = StoredHistory(database, lambda: shop.now)
    assistant = shop.assistant(reader, checkpoints=checkpoints, history=history)
    turn = asyncio.create_task(assistant.ask(Turn("winter coats", COATS, thread_id="t")))
    await features.asked.wait()

    await assistant.forget("t", COATS)
    features.gate.set()

    with pytest.raises(TurnStopped):
        await turn
    with pytest.raises(UnknownThread):
        await assistant.exchanges("t", COATS)
    async with checkpoints.saver() as saver:
        assert [found async for found in saver.alist({"configurable": {"thread_id": "t"}})] == []
    database.close()


async def test_nobody_stops_somebody_elses_turn_by_forgetting(shop, tmp_path) -> None:
    database = open_database(tmp_path / "said.db")
    features = Waiting(shop.features)
    history = StoredHistory(database, lambda: shop.now)
    assistant = shop.assistant(shop.reader(features=features), history=history)
    turn = asyncio.create_task(assistant.ask(Turn("winter coats", COATS, thread_id="t")))
    await features.asked.wait()

    with pytest.raises(UnknownThread):
        await assistant.forget("t", "somebody-else")
    features.gate.set()

    assert (await turn).thread_id == "t"
    database.close()


async def test_a_turn_of_another_process_remembers_nothing_of_what_was_forgotten_meanwhile(shop, tmp_path) -> None:
    """Two assistants on the same stores, as two workers are; neither can stop the other's turns."""
    database, checkpoints = open_database(tmp_path / "said.db"), in_memory()
    features, history = Waiting(shop.features), StoredHistory(database, lambda: shop.now)
    busy = shop.assistant(shop.reader(features=features), checkpoints=checkpoints, history=history)
    other = shop.assistant(shop.reader(), checkpoints=checkpoints, history=history)
    turn = asyncio.create_task(busy.ask(Turn("winter coats", COATS, thread_id="t")))
    await features.asked.wait()

    await other.forget("t", COATS)
    features.gate.set()

    assert (await turn).products  # whoever is answered still reads it
    with pytest.raises(UnknownThread):
        await busy.exchanges("t", COATS)
    async with checkpoints.saver() as saver:
        assert [found async for found in saver.alist({"configurable": {"thread_id": "t"}})] == []
    with pytest.raises(UnknownThread):
        await busy.ask(Turn("winter coats", COATS, thread_id="t"))
    database.close()
