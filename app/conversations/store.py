"""Conversations kept in SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, false, func, insert, select

from app.conversations.tables import ARMS, EXCHANGES, FEEDBACK, METADATA, THREADS
from app.conversations.tombstones import buried, bury
from graphs.conversation.history import Feedback, PastExchange, ThreadSummary, UnknownThread
from graphs.turn import Turn
from retrievers.records import Clock
from tools.shop.database import Database

_TITLE = 80  # code points of the first message that name a conversation
_RATED = select(EXCHANGES, FEEDBACK.c.score, FEEDBACK.c.comment).outerjoin(
    FEEDBACK, FEEDBACK.c.run_id == EXCHANGES.c.run_id
)
_UNKNOWN = "There is no such conversation; start one without a thread_id."


class StoredHistory:
    """A `graphs.conversation.history.History`; opening makes the tables when they are missing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        with database.writing("schema") as connection:
            METADATA.create_all(connection)

    async def enter(self, thread_id: str, user_id: str) -> None:
        await asyncio.to_thread(self._enter, thread_id, user_id)

    async def append(self, turn: Turn, thread_id: str, said: str, answer: dict[str, Any]) -> None:
        await asyncio.to_thread(self._append, turn, thread_id, said, answer)

    async def thread_of(self, run_id: str, user_id: str) -> str:
        return await asyncio.to_thread(self._thread_of, run_id, user_id)

    async def threads(self, user_id: str) -> list[ThreadSummary]:
        return await asyncio.to_thread(self._threads, user_id)

    async def exchanges(self, thread_id: str, user_id: str) -> list[PastExchange]:
        return await asyncio.to_thread(self._exchanges, thread_id, user_id)

    async def exchange(self, run_id: str, user_id: str) -> PastExchange:
        """Raises UnknownThread."""
        return await asyncio.to_thread(self._exchange, run_id, user_id)

    async def rate(self, run_id: str, user_id: str, feedback: Feedback | None) -> None:
        """None takes back what was said before. Raises UnknownThread."""
        await asyncio.to_thread(self._rate, run_id, user_id, feedback)

    async def owned(self, user_id: str) -> list[str]:
        """Every conversation of a shopper's, those without an answer too."""
        return await asyncio.to_thread(self._owned, user_id)

    async def forget(self, thread_id: str, user_id: str) -> None:
        await asyncio.to_thread(self._forget, thread_id, user_id)

    async def bury(self, thread_ids: Collection[str]) -> None:
        """Nothing of them is to be written any more, by whatever process; of some only their traces are left."""
        await asyncio.to_thread(self._bury, thread_ids)

    async def is_forgotten(self, thread_id: str) -> bool:
        return bool(await asyncio.to_thread(self.forgotten, [thread_id]))

    def forgotten(self, thread_ids: Collection[str]) -> set[str]:
        """Those of them that were forgotten. Blocking; raises ShopStoreError."""
        with self._database.reading() as connection:
            return buried(connection, thread_ids)

    def _enter(self, thread_id: str, user_id: str) -> None:
        with self._database.reading() as connection:
            owner = _owner(connection, thread_id)
        if owner is None:
            with self._database.writing(thread_id) as connection:
                owner = _owner(connection, thread_id)
                if owner is None and buried(connection, [thread_id]):
                    raise UnknownThread(_UNKNOWN)
                if owner is None:
                    row = {"thread_id": thread_id, "user_id": user_id, "started": self._clock()}
                    connection.execute(insert(THREADS).values(row))
                    return
        if owner != user_id:
            raise UnknownThread(_UNKNOWN)

    def _append(self, turn: Turn, thread_id: str, said: str, answer: dict[str, Any]) -> None:
        row = {"thread_id": thread_id, "run_id": answer["trace_id"], "time": self._clock(), "said": said}
        with self._database.writing(thread_id) as connection:
            if _owner(connection, thread_id) is not None:  # forgotten while it was being answered
                own = EXCHANGES.c.thread_id == thread_id
                connection.execute(delete(EXCHANGES).where(_of_run(turn.replaces), own))
                connection.execute(insert(EXCHANGES).values({**row, "answer": answer}))
                if turn.arm is not None:
                    connection.execute(insert(ARMS).values({"run_id": row["run_id"], **asdict(turn.arm)}))

    def _thread_of(self, run_id: str, user_id: str) -> str:
        own = select(THREADS.c.thread_id).join(EXCHANGES, EXCHANGES.c.thread_id == THREADS.c.thread_id)
        with self._database.reading() as connection:
            found: str | None = connection.execute(
                own.where(_of_run(run_id), THREADS.c.user_id == user_id)
            ).scalar_one_or_none()
        if found is None:
            raise UnknownThread("There is no such answer.")
        return found

    def _threads(self, user_id: str) -> list[ThreadSummary]:
        first = select(func.min(EXCHANGES.c.number)).where(EXCHANGES.c.thread_id == THREADS.c.thread_id)
        title = select(EXCHANGES.c.said).where(EXCHANGES.c.number == first.correlate(THREADS).scalar_subquery())
        counted = select(
            THREADS.c.thread_id,
            title.correlate(THREADS).scalar_subquery().label("title"),
            func.count(EXCHANGES.c.number).label("turns"),
            THREADS.c.started,
            func.max(EXCHANGES.c.time).label("latest"),
        )
        joined = counted.join(EXCHANGES, EXCHANGES.c.thread_id == THREADS.c.thread_id)
        own = joined.where(THREADS.c.user_id == user_id).group_by(THREADS.c.thread_id, THREADS.c.started)
        with self._database.reading() as connection:
            rows = connection.execute(own.order_by(func.max(EXCHANGES.c.number).desc())).all()
        return [
            ThreadSummary(row.thread_id, row.title[:_TITLE], row.turns, _utc(row.started), _utc(row.latest))
            for row in rows
        ]

    def _exchanges(self, thread_id: str, user_id: str) -> list[PastExchange]:
        with self._database.reading() as connection:
            if _owner(connection, thread_id) != user_id:
                raise UnknownThread(_UNKNOWN)
            own = _RATED.where(EXCHANGES.c.thread_id == thread_id).order_by(EXCHANGES.c.number)
            rows = connection.execute(own).all()
        return [_past(row) for row in rows]

    def _exchange(self, run_id: str, user_id: str) -> PastExchange:
        self._thread_of(run_id, user_id)
        with self._database.reading() as connection:
            return _past(connection.execute(_RATED.where(_of_run(run_id))).one())

    def _rate(self, run_id: str, user_id: str, feedback: Feedback | None) -> None:
        thread_id = self._thread_of(run_id, user_id)
        with self._database.writing(thread_id) as connection:
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.run_id == run_id))
            if feedback is not None:
                row = {"run_id": run_id, "time": self._clock()}
                connection.execute(
                    insert(FEEDBACK).values({**row, "score": feedback.score, "comment": feedback.comment})
                )

    def _owned(self, user_id: str) -> list[str]:
        with self._database.reading() as connection:
            return list(connection.execute(select(THREADS.c.thread_id).where(THREADS.c.user_id == user_id)).scalars())

    def _forget(self, thread_id: str, user_id: str) -> None:
        with self._database.writing(thread_id) as connection:
            if _owner(connection, thread_id) != user_id:
                raise UnknownThread(_UNKNOWN)
            connection.execute(delete(EXCHANGES).where(EXCHANGES.c.thread_id == thread_id))  # and all about them
            connection.execute(delete(THREADS).where(THREADS.c.thread_id == thread_id))
            bury(connection, thread_id, self._clock())

    def _bury(self, thread_ids: Collection[str]) -> None:
        for thread_id in thread_ids:
            with self._database.writing(thread_id) as connection:
                bury(connection, thread_id, self._clock())


def _of_run(run_id: str | None) -> ColumnElement[bool]:
    return EXCHANGES.c.run_id == run_id if run_id else false()


def _owner(connection: Connection, thread_id: str) -> str | None:
    owner: str | None = connection.execute(
        select(THREADS.c.user_id).where(THREADS.c.thread_id == thread_id)
    ).scalar_one_or_none()
    return owner


def _past(row: Row[Any]) -> PastExchange:
    feedback = None if row.score is None else Feedback(row.score, row.comment)
    return PastExchange(row.run_id, row.said, row.answer, _utc(row.time), feedback)


def _utc(time: datetime) -> datetime:
    """SQLite gives back times without a zone."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
