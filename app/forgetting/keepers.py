"""The places that keep something of shoppers. A new one is a class here and a line in `register`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from app.answers import OpenTraces
from app.conversations.store import StoredHistory
from app.forgetting.keeping import Asked, Place
from app.streaming.shopper_events import ShopperEvents
from app.traces.entries import lines_without, traces_in
from app.traces.recorder import Recorder
from app.traces.spool import Spool
from graphs.conversation.checkpoints import Checkpoints
from graphs.runner import Assistant
from retrievers.features.defaults import assigned, unassign
from retrievers.features.descriptions import EVENT_TIMESTAMP, retail_descriptions
from retrievers.features.protocol import FeatureSource
from retrievers.records import Clock, ShopperFeatures
from tools.ports import FeatureWriter
from tools.preferences import Profile
from tools.shop.database import Database
from tools.shop.erasing import erase_shopper, remains_of
from tools.shop.errors import ShopStoreError


@dataclass(frozen=True, slots=True)
class EventsKept:
    """What the shopper did, and how far it was made into features."""

    events: ShopperEvents
    name: ClassVar[str] = "events"
    counted: ClassVar[str] = "events"
    place: ClassVar[Place] = Place(frozenset({"shopper_events", "shopper_event_progress"}))

    async def erase(self, asked: Asked) -> int:
        async with self.events.projection.alone(asked.user_id):  # lest what is erased be projected once more
            return await self.events.erase(asked.user_id)

    async def is_left(self, asked: Asked) -> bool:
        return await asyncio.to_thread(self.events.log.count, asked.user_id) > 0


@dataclass(frozen=True, slots=True)
class FeaturesKept:
    """Every feature of the shopper, what they declared when they first came among them, and their segment."""

    features: FeatureSource
    writer: FeatureWriter
    profile: Profile
    defaults: Path
    clock: Clock
    name: ClassVar[str] = "features"
    counted: ClassVar[str] = "features"
    place: ClassVar[Place] = Place(files=("features/online.db*", "features/defaults.db*"))

    async def erase(self, asked: Asked) -> int:
        """Rows of nothing, later than any there is, which no older history replaces; how many features had a value."""
        async with self.profile.alone(asked.user_id):
            known = await self.features.shopper(asked.user_id, self.clock())
            await asyncio.to_thread(unassign, self.defaults, asked.user_id)
            for view, (at, names) in _rows(known, self.clock()).items():
                row = {"user_id": asked.user_id, EVENT_TIMESTAMP: at, **dict.fromkeys(names)}
                await self.writer.write(view, row)
        return sum(value.value is not None for value in known.values())

    async def is_left(self, asked: Asked) -> bool:
        known = await self.features.shopper(asked.user_id, self.clock())
        if any(value.value is not None for value in known.values()):
            return True
        return await asyncio.to_thread(assigned, self.defaults, asked.user_id)


@dataclass(frozen=True, slots=True)
class ConversationsKept:
    """What was said, what was thought of it, the arm it was answered in, and what was remembered of it."""

    assistant: Assistant
    history: StoredHistory
    checkpoints: Checkpoints
    name: ClassVar[str] = "threads"
    counted: ClassVar[str] = "threads"
    place: ClassVar[Place] = Place(
        frozenset({"threads", "exchanges", "exchange_arms", "exchange_feedback"})
        | {"checkpoints", "checkpoint_blobs", "checkpoint_writes", "writes"},  # LangGraph's own
        ("conversations.db*",),
    )

    async def erase(self, asked: Asked) -> int:
        for thread_id in await self.history.owned(asked.user_id):
            await self.assistant.forget(thread_id, asked.user_id)
        return len(asked.threads)

    async def is_left(self, asked: Asked) -> bool:
        if await self.history.owned(asked.user_id):
            return True
        async with self.checkpoints.saver() as saver:
            for thread_id in asked.threads:
                if await saver.aget_tuple({"configurable": {"thread_id": thread_id}}) is not None:
                    return True
        return False


@dataclass(frozen=True, slots=True)
class TracesKept:
    """Turns as they were written down, with what was said of them."""

    traces: OpenTraces
    recorder: Recorder | None
    name: ClassVar[str] = "traces"
    counted: ClassVar[str] = "traces"
    place: ClassVar[Place] = Place(frozenset({"trace_runs", "trace_bodies", "trace_feedback"}))

    async def erase(self, asked: Asked) -> int:
        return await asyncio.to_thread(self._erase, asked)

    async def is_left(self, asked: Asked) -> bool:
        return bool(await asyncio.to_thread(self._found, asked))

    def _erase(self, asked: Asked) -> int:
        found = self._found(asked)
        if (store := self.traces()) is not None:
            for thread_id in asked.threads:
                store.forget(thread_id)
        return len(found)

    def _found(self, asked: Asked) -> list[str]:
        """Once everything that waits to be stored, or to be erased, is."""
        if self.recorder:
            self.recorder.settle()
        store = self.traces()
        return store.traces_of(asked.threads) if store else []


@dataclass(frozen=True, slots=True)
class WaitingTracesKept:
    """Turns that wait to be stored or sent, and those LangSmith refused: also of settings that hold no more."""

    data: Path
    name: ClassVar[str] = "waiting traces"
    counted: ClassVar[str] = "traces"
    place: ClassVar[Place] = Place(files=("*.spool.jsonl", "*.refused.jsonl"))

    async def erase(self, asked: Asked) -> int:
        return await asyncio.to_thread(self._erase, asked)

    async def is_left(self, asked: Asked) -> bool:
        return bool(await asyncio.to_thread(self._found, asked))

    def _erase(self, asked: Asked) -> int:
        try:
            found = self._found(asked)
            for spool in self._spools():
                for thread_id in asked.threads:
                    spool.rewrite(partial(lines_without, thread_id=thread_id))
        except OSError as error:
            raise ShopStoreError(f"what waits to be stored cannot be rewritten: {error}") from error
        return len(found)

    def _found(self, asked: Asked) -> set[str]:
        held = [spool.lines() for spool in self._spools()]
        return {trace for lines in held for thread_id in asked.threads for trace in traces_in(lines, thread_id)}

    def _spools(self) -> list[Spool]:
        return [Spool(path) for pattern in self.place.files for path in sorted(self.data.glob(pattern))]


@dataclass(frozen=True, slots=True)
class ShopKept:
    """The cart, requests to a person, receipts of repeated writes, and proposals that were not carried out."""

    database: Database
    name: ClassVar[str] = "cart"
    counted: ClassVar[str] = "cart_lines"
    place: ClassVar[Place] = Place(
        frozenset({"shop_carts", "shop_cart_lines", "shop_tickets", "shop_proposals", "shop_writes"})
    )

    async def erase(self, asked: Asked) -> int:
        return await asyncio.to_thread(self._erase, asked.user_id)

    async def is_left(self, asked: Asked) -> bool:
        return await asyncio.to_thread(self._is_left, asked.user_id)

    def _erase(self, user_id: str) -> int:
        with self.database.writing(user_id) as connection:
            return erase_shopper(connection, user_id)

    def _is_left(self, user_id: str) -> bool:
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
