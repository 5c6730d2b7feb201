"""What shoppers did, kept for good: appended once, numbered, exported, and erased only with the shopper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select

from app.streaming.progress import known_more
from app.streaming.tables import EVENTS, METADATA
from tools.ports import EventsUnavailable, ShopperEvent
from tools.shop.database import Database
from tools.shop.errors import ShopStoreError

RECENT, PURCHASES = timedelta(days=1), timedelta(days=730)  # what features are made from; see `projector`
_AT_ONCE = 1000
_FIELDS = tuple(ShopperEvent.__slots__)


class EventLog:
    """On SQLite and PostgreSQL alike; opening makes the tables when they are missing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing("schema") as connection:
            METADATA.create_all(connection)

    def append(self, events: Sequence[ShopperEvent]) -> int:
        """How many were new. Those of one shopper are kept all or not at all. Raises EventsUnavailable."""
        by_shopper = defaultdict[str, list[ShopperEvent]](list)
        for event in events:
            by_shopper[event.user_id].append(event)
        try:
            return sum(self._append(user_id, told) for user_id, told in by_shopper.items())
        except ShopStoreError as error:
            raise EventsUnavailable(str(error)) from error

    def count(self, user_id: str) -> int:
        with self.database.reading() as connection:
            counted = select(func.count()).select_from(EVENTS).where(EVENTS.c.user_id == user_id)
            return connection.execute(counted).scalar_one()

    def everything(self) -> Iterator[ShopperEvent]:
        """Of all shoppers, in the order they were kept. Raises ShopStoreError."""
        last = 0
        while True:
            query = select(EVENTS).where(EVENTS.c.sequence > last).order_by(EVENTS.c.sequence).limit(_AT_ONCE)
            with self.database.reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from map(_event, rows)
            last = rows[-1].sequence

    def _append(self, user_id: str, events: Sequence[ShopperEvent]) -> int:
        with self.database.writing(user_id) as connection:
            new = add_events(connection, user_id, events)
            if new:
                known_more(connection, user_id)
        return new


def add_events(connection: Connection, user_id: str, events: Sequence[ShopperEvent]) -> int:
    """Those that were not kept before, in a transaction that writes in this shopper's name."""
    told = {event.event_id: event for event in events}
    known = select(EVENTS.c.event_id).where(EVENTS.c.user_id == user_id, EVENTS.c.event_id.in_(told))
    for event_id in connection.execute(known).scalars().all():
        del told[event_id]
    if told:
        connection.execute(insert(EVENTS), [asdict(event) for event in told.values()])
    return len(told)


def cart_runs(connection: Connection, user_id: str, product_ids: Sequence[str]) -> dict[str, str | None]:
    """The answer each product was last put into the cart from, of those that were; None where none is known."""
    columns = EVENTS.c
    put = select(columns.product_id, columns.run_id).where(
        columns.user_id == user_id, columns.kind == "cart", columns.product_id.in_(product_ids)
    )
    return {row.product_id: row.run_id for row in connection.execute(put.order_by(columns.sequence))}


def window(connection: Connection, user_id: str, now: datetime) -> list[ShopperEvent]:
    """What features can still depend on: the last day, the last look at anything, and purchases of two years."""
    columns = EVENTS.c
    own = columns.user_id == user_id
    looks = select(columns.sequence).where(own, columns.kind.in_(("view", "click")))
    last_look = looks.order_by(columns.time.desc(), columns.sequence.desc()).limit(1).scalar_subquery()
    bought = (columns.kind == "purchase") & (columns.time > now - PURCHASES)
    wanted = or_(columns.time > now - RECENT, columns.sequence == last_look, bought)
    return [_event(row) for row in connection.execute(select(EVENTS).where(own, wanted).order_by(columns.sequence))]


def erase_events(connection: Connection, user_id: str) -> int:
    return connection.execute(delete(EVENTS).where(EVENTS.c.user_id == user_id)).rowcount


def _event(row: Row[Any]) -> ShopperEvent:
    return ShopperEvent(**{name: getattr(row, name) for name in _FIELDS})
