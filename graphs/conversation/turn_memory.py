"""What one turn reads and writes of its conversation: a store that fails costs the memory, never the answer."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.memory import InMemorySaver

from graphs.conversation.checkpoints import Checkpoints, Saver
from graphs.conversation.history import History
from graphs.turn import Turn
from retrievers.records import Degradation
from tools.shop.errors import ShopStoreError

_Read = TypeVar("_Read")

logger = logging.getLogger(__name__)


class TurnSaver(BaseCheckpointSaver[str]):
    """A saver until it fails; from then on one of the turn's own, which ends with it.

    What was kept is not touched again in that turn: half a memory written over a whole one would lose it.
    """

    def __init__(self, saver: Saver) -> None:
        super().__init__(serde=saver.serde)
        self._kept = self._saver = saver
        self.failure: Degradation | None = None

    def fail(self, error: Exception) -> None:
        self.failure, self._saver = _told(error), InMemorySaver()

    def get_next_version(self, current: str | None, channel: None) -> str:
        return self._saver.get_next_version(current, channel)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return await self._tried(lambda saver: saver.aget_tuple(config))

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return await self._tried(lambda saver: saver.aput(config, checkpoint, metadata, new_versions))

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        await self._tried(lambda saver: saver.aput_writes(config, writes, task_id, task_path))

    async def adelete_thread(self, thread_id: str) -> None:
        """Of what was kept, whatever has failed since. Raises what the saver raises."""
        await self._kept.adelete_thread(thread_id)

    async def _tried(self, call: Callable[[Saver], Awaitable[_Read]]) -> _Read:
        if self.failure is None:
            try:
                return await call(self._saver)
            except Exception as error:
                self.fail(error)
        return await call(self._saver)


class TurnMemory:
    """`failures` are told with the answer. Only a conversation known to be the shopper's own is read or written."""

    def __init__(self, history: History, checkpoints: Checkpoints, turn: Turn, thread_id: str) -> None:
        self._history, self._checkpoints = history, checkpoints
        self._turn, self.thread_id = turn, thread_id
        self.is_own = True  # until that cannot be found out
        self._lost: Degradation | None = None
        self.saver = TurnSaver(InMemorySaver())

    @property
    def failures(self) -> tuple[Degradation, ...]:
        found = self._lost or self.saver.failure
        return (found,) if found else ()

    async def enter(self) -> None:
        """Raises UnknownThread."""
        try:
            await self._history.enter(self.thread_id, self._turn.user_id)
        except ShopStoreError as error:
            self.is_own, self._lost = False, _told(error)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[TurnSaver]:
        async with AsyncExitStack() as stack:
            if self.is_own:
                try:
                    self.saver = TurnSaver(await stack.enter_async_context(self._checkpoints.saver()))
                except Exception as error:
                    self.saver.fail(error)
            try:
                yield self.saver
            finally:
                await self._erase_if_forgotten()

    async def append(self, said: str, answer: dict[str, Any]) -> None:
        if self.is_own:
            try:
                await self._history.append(self._turn, self.thread_id, said, answer)
            except ShopStoreError as error:
                self._lost = _told(error)

    async def _erase_if_forgotten(self) -> None:
        """By another process, while it was answered."""
        try:
            if self.is_own and await self._history.is_forgotten(self.thread_id):
                await self.saver.adelete_thread(self.thread_id)
        except Exception:
            logger.exception("whether conversation %s was forgotten meanwhile is not known", self.thread_id)


def _told(error: Exception) -> Degradation:
    detail = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    logger.warning("the memory of conversations: %s", detail)
    return Degradation("memory", "down", detail)
