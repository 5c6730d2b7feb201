"""The log of what was done: it grows, and the database refuses anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from tools.records import Session
from tools.shop import tables


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done in a shopper's name. `status` is done or refused; `before` and `after` are receipts."""

    action_id: str
    tool: str
    status: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Logged:
    sequence: int
    at: datetime
    user_id: str
    thread_id: str
    run_id: str | None  # None for what was done outside of any answer, or logged before answers were noted
    deed: Deed


def log_deed(connection: Connection, session: Session, now: datetime, deed: Deed) -> None:
    connection.execute(
        insert(tables.audit).values(
            at=now,
            user_id=session.user_id,
            thread_id=session.thread_id,
            action_id=deed.action_id,
            tool=deed.tool,
            status=deed.status,
            before=dict(deed.before),
            after=dict(deed.after),
            run_id=session.run_id,
        )
    )


def read_log(connection: Connection, user_id: str, after: int = 0) -> tuple[Logged, ...]:
    """What was done in this shopper's name after that number, the oldest first."""
    later = (tables.audit.c.user_id == user_id) & (tables.audit.c.sequence > after)
    query = select(tables.audit).where(later).order_by(tables.audit.c.sequence)
    return tuple(
        Logged(
            row.sequence,
            row.at,
            row.user_id,
            row.thread_id,
            row.run_id,
            Deed(row.action_id, row.tool, row.status, row.before, row.after),
        )
        for row in connection.execute(query)
    )
