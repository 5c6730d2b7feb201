"""Brings a shopper's features up to what is known, one projection of a shopper at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from app.streaming.deeds import follow
from app.streaming.log import EventLog, window
from app.streaming.progress import Progress, behind, read_progress, save_progress, settle
from app.streaming.projector import VIEWS, Cart, Happened, project, row_times
from retrievers.catalogue import Product
from retrievers.features.descriptions import FeatureDescription
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import IndexUnavailable
from retrievers.records import Clock, ShopperFeatures
from tools.ports import FeatureWriter
from tools.shop.carts import read_cart
from tools.shop.errors import ShopStoreError
from tools.shop.receipts import cart_receipt

Products = Callable[[Collection[str]], Mapping[str, Product]]  # blocking; raises IndexUnavailable
_TRIES = 8  # more becomes known while features are written, but not for ever

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Task:
    version: int
    happened: Happened


class Projection:
    def __init__(
        self,
        log: EventLog,
        features: FeatureSource,
        writer: FeatureWriter,
        products: Products,
        descriptions: Mapping[str, FeatureDescription],
        clock: Clock,
    ) -> None:
        self._log, self._features, self._writer = log, features, writer
        self._products, self._descriptions, self._clock = products, descriptions, clock
        self._one_at_a_time = WeakValueDictionary[str, asyncio.Lock]()

    def alone(self, user_id: str) -> asyncio.Lock:
        """Held while this process writes the shopper's features."""
        return self._one_at_a_time.setdefault(user_id, asyncio.Lock())

    async def bring_up(self, user_id: str) -> bool:
        """Whether the features tell everything now. What fails is told to the log, and done with the next event."""
        try:
            async with self.alone(user_id):
                for _ in range(_TRIES):
                    if await self._project(user_id):
                        return True
        except (ShopStoreError, FeaturesUnavailable, IndexUnavailable, ValueError) as error:
            logger.warning("events are kept, but not made into features yet: %s", error)
        return False

    async def catch_up(self) -> int:
        """What a crash, or an outage of the feature store, left undone; the number of shoppers brought up."""
        try:
            late = await asyncio.to_thread(self._behind)
        except ShopStoreError as error:
            logger.warning("what is left to be made into features cannot be read: %s", error)
            return 0
        return sum([await self.bring_up(user_id) for user_id in late])

    async def _project(self, user_id: str) -> bool:
        """Another process may do the same: whoever finds that more became known meanwhile does it again."""
        held = await self._features.shopper(user_id, self._clock())
        task = await asyncio.to_thread(self._begin, user_id, held)
        if task is None:
            return True
        rows = await asyncio.to_thread(self._rows, task.happened)
        for view, row in rows.items():
            await self._writer.write(view, row)
        settled, erased = await asyncio.to_thread(self._settle, user_id, task.version)
        if erased:
            await self._take_back(rows)
        return settled

    async def _take_back(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Rows of nothing over what was written when the shopper had just been forgotten by another process."""
        now = self._clock()
        for view, row in rows.items():
            at = max(now, row["event_timestamp"])
            await self._writer.write(view, {**dict.fromkeys(row), "user_id": row["user_id"], "event_timestamp": at})

    def _behind(self) -> list[str]:
        with self._log.database.reading() as connection:
            return behind(connection)

    def _begin(self, user_id: str, held: ShopperFeatures) -> _Task | None:
        """What was done in the shop becomes events first; the times of our rows are kept before the rows are."""
        with self._log.database.writing(user_id) as connection:
            follow(connection, user_id, self._descriptions)
            stored = read_progress(connection, user_id, self._descriptions)
            if stored.version == stored.projected:
                return None
            progress = stored.rebased(held, VIEWS)
            happened = self._happened(connection, user_id, progress)
            times = {view: time.timestamp() for view, time in row_times(happened).items()}
            save_progress(connection, user_id, replace(progress, written={**progress.written, **times}))
        return _Task(progress.version, happened)

    def _happened(self, connection: Connection, user_id: str, progress: Progress) -> Happened:
        events = window(connection, user_id, self._clock())
        return Happened(user_id, events, {}, progress.baselines, _cart(connection, user_id, progress.deed_at))

    def _rows(self, happened: Happened) -> dict[str, dict[str, Any]]:
        known = self._products({event.product_id for event in happened.events})
        return project(replace(happened, products=known), self._descriptions)

    def _settle(self, user_id: str, version: int) -> tuple[bool, bool]:
        """Whether it is settled; and whether all was erased meanwhile, which alone makes versions smaller."""
        with self._log.database.writing(user_id) as connection:
            erased = read_progress(connection, user_id).version < version
            return settle(connection, user_id, version), erased


def _cart(connection: Connection, user_id: str, at: datetime | None) -> Cart | None:
    cart = read_cart(connection, user_id)
    return Cart(cart_receipt(cart)["total"], at) if cart.version and at else None
