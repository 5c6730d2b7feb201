"""The three kinds of tool over the shop's store: a read, a write that is safe to repeat, and a proposal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import BaseModel
from sqlalchemy import insert, select

from tools.records import Action, Outcome, Session
from tools.shop import tables
from tools.shop.answers import answered, outcome
from tools.shop.audit import Deed, log_deed
from tools.shop.confirmations import ShopConfirmations
from tools.shop.digest import digest, plain
from tools.shop.plans.plan import Desk, Intent
from tools.shop.receipts import Receipt
from tools.shop.records import Item
from tools.shop.store import Needs, ShopStore


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did: how it stood before, and the receipt.

    `logged` is what the log of deeds is told instead, where a shopper's own words must not stay for good.
    """

    before: Receipt
    receipt: Receipt
    logged: Receipt | None = None


def nothing_needed(desk: Desk, arguments: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class ReadTool:
    """`look` works on what the store holds; `needs` names items whose price and stock it tells."""

    name: str
    description: str
    arguments: type[BaseModel]
    store: ShopStore
    look: Callable[[Desk, Any], Receipt]
    needs: Needs = nothing_needed
    effect: Literal["read"] = "read"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        return await answered(Action(self.name, plain(arguments), "failed"), self._read(arguments, session))

    async def _read(self, arguments: BaseModel, session: Session) -> Outcome:
        items = await self.store.items(session, self.needs, arguments)
        receipt = await self.store.read(session, lambda desk: self.look(desk.knowing(items), arguments))
        return outcome(Action(self.name, plain(arguments), "done", receipt))


@dataclass(frozen=True, slots=True)
class WriteTool:
    """`act` happens once for a turn and its arguments: repeated, the first receipt is told again."""

    name: str
    description: str
    arguments: type[BaseModel]
    store: ShopStore
    act: Callable[[Desk, Any, Session], Change]
    needs: Needs = nothing_needed
    effect: Literal["write"] = "write"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        return await answered(Action(self.name, plain(arguments), "failed"), self._write(arguments, session))

    async def _write(self, arguments: BaseModel, session: Session) -> Outcome:
        items = await self.store.items(session, self.needs, arguments)
        receipt = await asyncio.to_thread(self._once, arguments, session, items)
        return outcome(Action(self.name, plain(arguments), "done", receipt))

    def _once(self, arguments: BaseModel, session: Session, items: Mapping[str, Item]) -> Receipt:
        key = digest(session.user_id, session.thread_id, session.turn_id, self.name, plain(arguments))
        with self.store.writing(session) as connection:
            known = connection.execute(select(tables.writes.c.receipt).where(tables.writes.c.key == key)).scalar()
            if known is not None:
                return cast(Receipt, known)
            desk = self.store.desk(connection, session, items)
            change = self.act(desk, arguments, session)
            connection.execute(insert(tables.writes).values(key=key, receipt=change.receipt, at=desk.now))
            after = change.receipt if change.logged is None else change.logged
            log_deed(connection, session, desk.now, Deed(key, self.name, "done", change.before, after))
            return change.receipt


@dataclass(frozen=True, slots=True)
class ConfirmTool:
    """Only proposes; the shopper's word is taken by `ShopConfirmations.decide`."""

    intent: Intent
    confirmations: ShopConfirmations
    effect: Literal["confirm"] = "confirm"

    @property
    def name(self) -> str:
        return self.intent.name

    @property
    def description(self) -> str:
        return self.intent.description

    @property
    def arguments(self) -> type[BaseModel]:
        return self.intent.arguments

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        return await self.confirmations.propose(self.intent, arguments, session)
