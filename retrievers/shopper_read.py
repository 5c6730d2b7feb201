"""One read of the shopper's features per turn, shared by both branches of the graph."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.records import Clock, ShopperFeatures

Change = Callable[[ShopperFeatures, datetime], ShopperFeatures]


def as_stored(features: ShopperFeatures, now: datetime) -> ShopperFeatures:
    return features


class ShopperRead:
    """Single flight: whoever comes first starts the read, everyone awaits the same one.

    `change` says what a turn is to take as known instead of what is stored.
    """

    def __init__(self, source: FeatureSource, user_id: str, clock: Clock, change: Change = as_stored) -> None:
        self._source = source
        self._user_id = user_id
        self._clock = clock
        self._change = change
        self._task: asyncio.Task[ShopperFeatures] | None = None
        self.took_ms: float | None = None

    def start(self) -> asyncio.Task[ShopperFeatures]:
        if self._task is None:
            self._task = asyncio.create_task(self._read())
            self._task.add_done_callback(_retrieve_exception)
        return self._task

    async def within(self, seconds: float) -> ShopperFeatures | None:
        """The features if they arrive in time, else None; the read goes on. Raises FeaturesUnavailable."""
        done, _ = await asyncio.wait([self.start()], timeout=seconds)
        return done.pop().result() if done else None

    async def _read(self) -> ShopperFeatures:
        started = time.perf_counter()
        try:
            now = self._clock()
            return self._change(await self._source.shopper(self._user_id, now), now)
        except FeaturesUnavailable:
            raise
        except Exception as error:
            raise FeaturesUnavailable(f"{type(error).__name__}: {error}") from error
        finally:
            self.took_ms = (time.perf_counter() - started) * 1000


def _retrieve_exception(task: asyncio.Task[ShopperFeatures]) -> None:
    """Marks a failure as seen, so that a read nobody waited for does not warn at exit."""
    if not task.cancelled():
        task.exception()
