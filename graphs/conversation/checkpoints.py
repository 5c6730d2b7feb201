"""Where a conversation's memory is kept between turns: LangGraph's savers, opened once or turn by turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver

Saver = BaseCheckpointSaver[str]
RUN, REPLACES = "turn", "replaces"  # what a checkpoint's metadata say of the turn it was written by
_PATIENCE_S = 5  # with another writer, or a server that does not answer
Opener = Callable[[], AbstractAsyncContextManager[Saver]]


class Checkpoints:
    """A saver belongs to the event loop it was opened in: a server keeps one open, a single turn opens its own."""

    def __init__(self, opener: Opener) -> None:
        self._open = opener
        self._kept: Saver | None = None

    @asynccontextmanager
    async def saver(self) -> AsyncIterator[Saver]:
        if self._kept is not None:
            yield self._kept
            return
        async with self._open() as saver:
            yield saver

    @asynccontextmanager
    async def kept_open(self) -> AsyncIterator[None]:
        """For as long as this lasts every turn shares one saver."""
        async with self._open() as saver:
            self._kept = saver
            try:
                yield
            finally:
                self._kept = None


async def memory_before(saver: Saver, thread_id: str, run_id: str) -> dict[str, Any]:
    """What the conversation remembered when the turn of that run, or the one it replaced, began."""
    its_own = {run_id}
    async for found in saver.alist({"configurable": {"thread_id": thread_id}}):  # the latest first
        metadata: dict[str, Any] = dict(found.metadata)
        if metadata.get(RUN) not in its_own:
            memory: dict[str, Any] = found.checkpoint["channel_values"].get("memory") or {}
            return memory
        its_own.add(metadata.get(REPLACES) or run_id)
    return {}


def in_memory() -> Checkpoints:
    """Forgotten with the process."""
    saver = InMemorySaver()

    @asynccontextmanager
    async def opener() -> AsyncIterator[Saver]:
        yield saver

    return Checkpoints(opener)


def sqlite(path: Path) -> Checkpoints:
    @asynccontextmanager
    async def opener() -> AsyncIterator[Saver]:
        from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

        path.parent.mkdir(parents=True, exist_ok=True)
        async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
            await saver.conn.execute(f"PRAGMA busy_timeout = {_PATIENCE_S * 1000}")
            await saver.setup()
            yield saver

    return Checkpoints(opener)


def postgres(url: str) -> Checkpoints:
    @asynccontextmanager
    async def opener() -> AsyncIterator[Saver]:
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
        from psycopg import AsyncConnection
        from psycopg.rows import DictRow, dict_row
        from psycopg_pool import AsyncConnectionPool

        kwargs = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
        pool = AsyncConnectionPool[AsyncConnection[DictRow]](
            url,
            min_size=1,
            max_size=8,
            open=False,
            kwargs=kwargs,
            timeout=_PATIENCE_S,
            check=AsyncConnectionPool.check_connection,  # a server may have been restarted
        )
        async with pool:
            saver = AsyncPostgresSaver(pool)
            await saver.setup()
            yield saver

    return Checkpoints(opener)
