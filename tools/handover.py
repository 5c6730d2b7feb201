"""A person takes over: the ticket is the only proof that anybody was told."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert

from tools.records import Session
from tools.shop import tables
from tools.shop.kinds import Change, WriteTool
from tools.shop.plans.plan import Desk
from tools.shop.store import ShopStore
from tools.tool import Tool


class HandOver(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str = Field(
        min_length=1, max_length=2000, description="What the shopper needs and what was tried, for whoever takes over."
    )


def handover_tools(store: ShopStore) -> tuple[Tool, ...]:
    return (
        WriteTool(
            "hand_over",
            "Pass the conversation on to a person, when the shopper asks for one or nothing here can help. "
            "Returns the number of the ticket.",
            HandOver,
            store,
            _hand_over,
        ),
    )


def _hand_over(desk: Desk, arguments: HandOver, session: Session) -> Change:
    ticket = {"user_id": desk.user_id, "thread_id": session.thread_id, "summary": arguments.summary, "at": desk.now}
    key = desk.connection.execute(insert(tables.tickets).values(ticket)).inserted_primary_key
    number = {"ticket": key[0] if key else None}
    return Change({}, number | {"summary": arguments.summary}, logged=number)
