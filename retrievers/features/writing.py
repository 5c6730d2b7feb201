"""One fact at a time into the online store, from a process that answers meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrievers.features.redis_hash_writer import RedisHashWriter
    from retrievers.features.store import FeastStore


class RowWriter:
    """Writes whole rows on a thread; satisfies `tools.ports.FeatureWriter`."""

    def __init__(self, write: Callable[[str, Mapping[str, Any]], None]) -> None:
        self._write = write

    async def write(self, view: str, row: Mapping[str, Any]) -> None:
        await asyncio.to_thread(self._write, view, row)


def feast_rows(store: FeastStore) -> RowWriter:
    """Straight to the online store, which takes a third of the time of a push."""

    def write(view: str, row: Mapping[str, Any]) -> None:
        import pandas as pd

        store.write_online(view, pd.DataFrame([row]))

    return RowWriter(write)


def hash_rows(writer: RedisHashWriter) -> RowWriter:
    def write(view: str, row: Mapping[str, Any]) -> None:
        writer.push(view, [row])

    return RowWriter(write)
