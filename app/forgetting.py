"""A shopper is forgotten: erased from every store, which are then read again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.answers import OpenTraces
from app.api.ports import Forgotten
from app.conversations.store import StoredHistory
from app.streaming.shopper_events import ShopperEvents
from app.traces.recorder import Recorder
from graphs.conversation.checkpoints import Checkpoints
from graphs.runner import Assistant
from retrievers.features.defaults import assigned, unassign
from retrievers.features.descriptions import EVENT_TIMESTAMP, retail_descriptions
from retrievers.features.protocol import FeatureSource
from retrievers.records import Clock, ShopperFeatures
from tools.ports import FeatureWriter
from tools.shop.database import Database
from tools.shop.erasing import erase_shopper, remains_of

KEPT = ("orders",)  # with what was paid, the account and the log of deeds: the law of accounts asks for them


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Every store that knows something of a shopper."""

    assistant: Assistant
    history: StoredHistory
    checkpoints: Checkpoints
    traces: OpenTraces
    recorder: Recorder | None
    events: ShopperEvents
    features: FeatureSource
    writer: FeatureWriter
    defaults: Path
    database: Database
    clock: Clock

    async def forget(self, user_id: str) -> Forgotten:
        """Raises FeaturesUnavailable and ShopStoreError; what was erased before that stays erased."""
        threads = await self._threads(user_id)
        traces = await asyncio.to_thread(self._traced, threads)
        async with self.events.projection.alone(user_id):  # lest what is erased be projected once more
            events = await self.events.erase(user_id)
            features = await self._erase_features(user_id)
        for thread_id in await self.history.owned(user_id):
            await self.assistant.forget(thread_id, user_id)
        await asyncio.to_thread(self._erase_traces, threads)
        lines = await asyncio.to_thread(self._erase_shop, user_id)
        erased = {
            "features": features,
            "threads": len(threads),
            "traces": len(traces),
            "events": events,
            "cart_lines": lines,
        }
        return Forgotten(erased, KEPT, await self._left(user_id, threads))

    async def _threads(self, user_id: str) -> list[str]:
        """Of the stored conversations, and those that only traces know of."""
        owned = await self.history.owned(user_id)
        store = await asyncio.to_thread(self.traces)
        traced = await asyncio.to_thread(store.threads_of, user_id) if store else []
        return list(dict.fromkeys([*owned, *traced]))

    async def _erase_features(self, user_id: str) -> int:
        """Rows of nothing, later than any there is, which no older history replaces; how many features had a value."""
        known = await self.features.shopper(user_id, self.clock())
        await asyncio.to_thread(unassign, self.defaults, user_id)
        for view, (at, names) in _rows(known, self.clock()).items():
            row = {"user_id": user_id, EVENT_TIMESTAMP: at, **dict.fromkeys(names)}
            await self.writer.write(view, row)
        return sum(value.value is not None for value in known.values())

    def _erase_traces(self, threads: list[str]) -> None:
        if (store := self.traces()) is not None:
            for thread_id in threads:
                store.forget(thread_id)

    def _erase_shop(self, user_id: str) -> int:
        with self.database.writing(user_id) as connection:
            return erase_shopper(connection, user_id)

    async def _left(self, user_id: str, threads: list[str]) -> tuple[str, ...]:
        """What is found again, in the words of the answer."""
        known = await self.features.shopper(user_id, self.clock())
        found = {
            "features": any(value.value is not None for value in known.values())
            or await asyncio.to_thread(assigned, self.defaults, user_id),
            "threads": bool(await self.history.owned(user_id)) or await self._remembered(threads),
            "traces": bool(await asyncio.to_thread(self._traced, threads)),
            "events": await asyncio.to_thread(self.events.log.count, user_id) > 0,
            "cart": await asyncio.to_thread(self._in_shop, user_id),
        }
        return tuple(name for name, is_there in found.items() if is_there)

    async def _remembered(self, threads: list[str]) -> bool:
        async with self.checkpoints.saver() as saver:
            for thread_id in threads:
                if await saver.aget_tuple({"configurable": {"thread_id": thread_id}}) is not None:
                    return True
        return False

    def _traced(self, threads: list[str]) -> list[str]:
        """Once everything that waits to be stored, or to be erased, is."""
        if self.recorder:
            self.recorder.settle()
        store = self.traces()
        return store.traces_of(threads) if store else []

    def _in_shop(self, user_id: str) -> bool:
        with self.database.reading() as connection:
            return remains_of(connection, user_id)


def _rows(known: ShopperFeatures, now: datetime) -> Mapping[str, tuple[datetime, list[str]]]:
    """Of each view that has a row: a time no earlier than its own, and the names of its features."""
    rows: dict[str, tuple[datetime, list[str]]] = {}
    for name, description in retail_descriptions().items():
        value = known.get(name)
        if description.entity == "user" and value is not None and value.event_time is not None:
            at, names = rows.get(description.view, (now, []))
            rows[description.view] = (max(at, value.event_time), [*names, name.partition(":")[2]])
    return rows
