"""Proposals as rows: what was shown to a shopper and waits for a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from tools.records import Session
from tools.shop import tables

Settlement = Literal["done", "refused"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`receipt` is None until it is settled, and then never changes."""

    action_id: str
    tool: str
    arguments: Mapping[str, Any]
    digest: str
    versions: Mapping[str, int]
    preview: Mapping[str, Any]
    status: Literal["proposed"] | Settlement
    receipt: Mapping[str, Any] | None
    created_at: datetime
    expires_at: datetime

    def settled(self, status: Settlement, receipt: Mapping[str, Any]) -> Proposal:
        return replace(self, status=status, receipt=receipt)


def add_proposal(connection: Connection, session: Session, proposal: Proposal) -> None:
    connection.execute(
        insert(tables.proposals).values(
            {name: getattr(proposal, name) for name in Proposal.__slots__}
            | {"user_id": session.user_id, "thread_id": session.thread_id}
        )
    )


def read_proposal(connection: Connection, session: Session, action_id: str) -> Proposal | None:
    """None as well when it is another shopper's, or of another conversation: its preview was not shown here."""
    row = connection.execute(_of(session).where(tables.proposals.c.action_id == action_id)).first()
    return None if row is None else _proposal(row)


def open_proposals(connection: Connection, session: Session) -> tuple[Proposal, ...]:
    """Not settled, the oldest first; those past their time among them."""
    columns = tables.proposals.c
    rows = connection.execute(_of(session).where(columns.status == "proposed").order_by(columns.sequence))
    return tuple(_proposal(row) for row in rows)


def settle_proposal(connection: Connection, action_id: str, status: Settlement, receipt: Mapping[str, Any]) -> bool:
    """Whether it was still open: only the first to settle it does."""
    open_one = (tables.proposals.c.action_id == action_id) & (tables.proposals.c.status == "proposed")
    change = update(tables.proposals).where(open_one).values(status=status, receipt=dict(receipt))
    return connection.execute(change).rowcount == 1


def _of(session: Session) -> Any:
    columns = tables.proposals.c
    return select(tables.proposals).where(
        (columns.user_id == session.user_id) & (columns.thread_id == session.thread_id)
    )


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(**{name: getattr(row, name) for name in Proposal.__slots__})
