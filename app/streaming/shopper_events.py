"""The embedded path of events: the log, then at once the features."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from app.streaming.log import EventLog, erase_events
from app.streaming.progress import forget_progress
from app.streaming.projection import Projection
from tools.ports import ShopperEvent

logger = logging.getLogger(__name__)


class ShopperEvents:
    """A `tools.ports.EventSink` that follows the shop's own deeds as well."""

    def __init__(self, log: EventLog, projection: Projection) -> None:
        self.log, self.projection = log, projection

    async def put(self, events: Sequence[ShopperEvent]) -> int:
        new = await asyncio.to_thread(self.log.append, events)
        for user_id in dict.fromkeys(event.user_id for event in events):
            await self.projection.bring_up(user_id)
        return new

    async def after_deed(self, user_id: str) -> None:
        """Something was done in the shop in this name. Never raises: it is done, whatever becomes of the features."""
        try:
            await self.projection.bring_up(user_id)
        except Exception:
            logger.exception("what was done in the shop is not in the features yet")

    async def erase(self, user_id: str) -> int:
        """How many events there were. Raises ShopStoreError."""
        return await asyncio.to_thread(self._erase, user_id)

    def _erase(self, user_id: str) -> int:
        with self.log.database.writing(user_id) as connection:
            forget_progress(connection, user_id)
            return erase_events(connection, user_id)
