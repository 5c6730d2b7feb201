"""The embedded path of events: the log, then at once the features."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from app.streaming.log import EventLog, erase_events
from app.streaming.progress import forget_progress
from app.streaming.projection import Projection
from tools.ports import EventsUnavailable, ShopperEvent

Outcome = Literal["kept", "duplicate", "unkept", "lost", "behind"]

logger = logging.getLogger(__name__)


class ShopperEvents:
    """A `tools.ports.EventSink` that follows the shop's own deeds as well."""

    def __init__(self, log: EventLog, projection: Projection) -> None:
        self.log, self.projection = log, projection
        self._counts: Counter[Outcome] = Counter()

    @property
    def counts(self) -> Mapping[str, int]:
        """Events by what became of them since the start, and how often features stayed `behind` them."""
        return {outcome: self._counts[outcome] for outcome in get_args(Outcome)}

    async def put(self, events: Sequence[ShopperEvent]) -> int:
        try:
            new = await asyncio.to_thread(self.log.append, events)
        except EventsUnavailable as error:
            self._counts["unkept"] += len(events)
            logger.error("%s events could not be kept, and are to be sent again: %s", len(events), error)
            raise
        self._counts["kept"] += new
        self._counts["duplicate"] += len(events) - new
        for user_id in dict.fromkeys(event.user_id for event in events):
            await self._bring_up(user_id)
        return new

    def lost(self, count: int) -> None:
        self._counts["lost"] += count
        logger.warning("%s events were given up by who saw them happen", count)

    async def after_deed(self, user_id: str) -> None:
        """Something was done in the shop in this name. Never raises: it is done, whatever becomes of the features."""
        try:
            await self._bring_up(user_id)
        except Exception:
            self._counts["behind"] += 1
            logger.exception("what was done in the shop is not in the features yet")

    async def _bring_up(self, user_id: str) -> None:
        """What is kept and not made into features now is made with the next event, or when a shop opens."""
        if not await self.projection.bring_up(user_id):
            self._counts["behind"] += 1

    async def erase(self, user_id: str) -> int:
        """How many events there were. Raises ShopStoreError."""
        return await asyncio.to_thread(self._erase, user_id)

    def _erase(self, user_id: str) -> int:
        with self.log.database.writing(user_id) as connection:
            forget_progress(connection, user_id)
            return erase_events(connection, user_id)
