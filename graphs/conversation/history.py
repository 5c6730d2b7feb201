"""What was said in a conversation, as the page shows it again; memory for understanding is kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from graphs.turn import Turn


class UnknownThread(Exception):
    """There is no such conversation, or it is somebody else's: nobody learns which."""


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """`title` is the first thing said; times are UTC."""

    thread_id: str
    title: str
    turns: int
    started: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the shopper thinks of an answer: `score` is 1 or -1, the comment has personal data masked."""

    score: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class PastExchange:
    """What the shopper said and the final answer as JSON, as it was sent."""

    run_id: str
    said: str
    answer: dict[str, Any]
    time: datetime
    feedback: Feedback | None = None


class History(Protocol):
    """Every method raises UnknownThread for a conversation of somebody else."""

    async def enter(self, thread_id: str, user_id: str) -> None:
        """Begins the conversation if there is none by this id."""

    async def append(self, turn: Turn, thread_id: str, said: str, answer: dict[str, Any]) -> None:
        """Keeps one exchange, in the place of the one the turn replaces; `said` has personal data masked."""

    async def threads(self, user_id: str) -> list[ThreadSummary]:
        """The shopper's own, the latest first."""

    async def thread_of(self, run_id: str, user_id: str) -> str:
        """The conversation in which that run answered the shopper."""
        ...

    async def exchanges(self, thread_id: str, user_id: str) -> list[PastExchange]:
        """In the order they happened."""

    async def forget(self, thread_id: str, user_id: str) -> None:
        """Erases the conversation, which cannot be begun again."""

    async def is_forgotten(self, thread_id: str) -> bool:
        """Whether it was erased, by whatever process."""
        ...


class NoHistory:
    """Keeps nothing: for measurements and single questions."""

    async def enter(self, thread_id: str, user_id: str) -> None:
        return None

    async def append(self, turn: Turn, thread_id: str, said: str, answer: dict[str, Any]) -> None:
        return None

    async def threads(self, user_id: str) -> list[ThreadSummary]:
        return []

    async def thread_of(self, run_id: str, user_id: str) -> str:
        raise UnknownThread("there is no such answer")

    async def exchanges(self, thread_id: str, user_id: str) -> list[PastExchange]:
        raise UnknownThread("there is no such conversation")

    async def forget(self, thread_id: str, user_id: str) -> None:
        raise UnknownThread("there is no such conversation")

    async def is_forgotten(self, thread_id: str) -> bool:
        return False
