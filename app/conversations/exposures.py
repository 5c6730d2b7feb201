"""What was shown to whom, read back from the stored answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select, type_coerce

from app.conversations.tables import EXCHANGES, THREADS
from tools.shop.database import Database
from tools.shop.tables import Moment

_AT_ONCE = 200  # answers are long


class Exposure(BaseModel):
    """The products of one answer in the order of their cards; `arm` is null unless an experiment was named."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    user_id: str
    thread_id: str
    time: datetime
    products: tuple[str, ...]
    arm: str | None


def exposures(database: Database, arm_of: Callable[[str], str | None]) -> Iterator[Exposure]:
    """Of every answer that showed products, in the order they were given; `arm_of` a shopper's id is told with it.

    Raises ShopStoreError.
    """
    at = type_coerce(EXCHANGES.c.time, Moment).label("at")  # with its zone on both databases
    read = select(EXCHANGES, at, THREADS.c.user_id).join(THREADS, THREADS.c.thread_id == EXCHANGES.c.thread_id)
    last = 0
    while True:
        some = read.where(EXCHANGES.c.number > last).order_by(EXCHANGES.c.number).limit(_AT_ONCE)
        with database.reading() as connection:
            rows = connection.execute(some).all()
        if not rows:
            return
        for row in rows:
            shown = tuple(card["product_id"] for card in row.answer.get("products", ()))
            if shown:
                yield Exposure(
                    run_id=row.run_id,
                    user_id=row.user_id,
                    thread_id=row.thread_id,
                    time=row.at,
                    products=shown,
                    arm=arm_of(row.user_id),
                )
        last = rows[-1].number
