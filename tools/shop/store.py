"""The shop's store: its database, its shelf and its policy, and how a tool works with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from retrievers.records import Clock
from tools.records import NOBODY, Session
from tools.shop.database import Database, open_database
from tools.shop.plans.plan import Desk
from tools.shop.policy import ShopPolicy
from tools.shop.records import Item
from tools.shop.refusals import Refused
from tools.shop.shelf import Shelf
from tools.shop.stored_shelf import StoredShelf

Answer = TypeVar("Answer")
Needs = Callable[[Desk, Any], tuple[str, ...]]
Forgotten = Callable[[Connection, str], bool]  # whether this conversation was


@dataclass(frozen=True, slots=True)
class ShopStore:
    """Made by `open_shop_store`; safe to share between threads, and with other processes on the same database.

    A turn that another process is still answering writes nothing in a conversation that is `forgotten`.
    """

    database: Database
    shelf: Shelf
    clock: Clock
    policy: ShopPolicy
    forgotten: Forgotten = lambda connection, thread_id: False

    async def read(self, session: Session, work: Callable[[Desk], Answer]) -> Answer:
        """Raises Refused and ShopStoreError."""
        return await asyncio.to_thread(self._read, session, work)

    async def items(self, session: Session, needs: Needs, arguments: Any) -> Mapping[str, Item]:
        """What the shelf says now of the items that a piece of work needs.

        Raises Refused, ShopStoreError and ShelfUnavailable.
        """
        return await self.shelf.items(await self.read(session, lambda desk: needs(desk, arguments)))

    @contextmanager
    def writing(self, session: Session) -> Iterator[Connection]:
        """All of it or nothing, after whatever else is written in this shopper's name, their erasure included.

        Raises Refused and ShopStoreError.
        """
        with self.database.writing(session.user_id) as connection:
            if session.thread_id and self.forgotten(connection, session.thread_id):
                raise Refused("forgotten")
            yield connection

    def close(self) -> None:
        self.database.close()

    def desk(self, connection: Connection, session: Session, items: Mapping[str, Item]) -> Desk:
        """Raises Refused when nobody is signed in."""
        if session.user_id in NOBODY:
            raise Refused("not_signed_in")
        return Desk(connection, session.user_id, self.clock(), self.policy, self.shelf, items)

    def _read(self, session: Session, work: Callable[[Desk], Answer]) -> Answer:
        with self.database.reading() as connection:
            return work(self.desk(connection, session, {}))


def open_shop_store(
    where: str | Path, clock: Clock, shelf: Shelf | None = None, policy: ShopPolicy | None = None
) -> ShopStore:
    """A SQLite file or a `postgresql://` URL; without a shelf, the one kept in the same database.

    Raises ShopStoreError.
    """
    database = open_database(where)
    return ShopStore(database, shelf or StoredShelf(database), clock, policy or ShopPolicy.load())
