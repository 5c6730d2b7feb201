"""What was shown to whom, read back from the stored answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, select, type_coerce

from app.conversations.tables import ARMS, EXCHANGES, THREADS
from tools.shop.database import Database
from tools.shop.tables import Moment

_AT_ONCE = 200  # answers are long


class Exposure(BaseModel):
    """The products of one answer in the order of their cards, and the arm it was given in.

    `recorded` says that the arm was kept with the answer. Else it is worked out afterwards, and null unless an
    experiment was named.
    """

    model_config = ConfigDict(frozen=True)

    run_id: str
    user_id: str
    thread_id: str
    time: datetime
    products: tuple[str, ...]
    experiment: str | None
    arm: str | None
    recorded: bool


def exposures(database: Database, arm_of: Callable[[str], str | None]) -> Iterator[Exposure]:
    """Of every answer that showed products, in the order they were given.

    `arm_of` a shopper's id is told with answers of before arms were kept with them.

    Raises ShopStoreError.
    """
    at = type_coerce(EXCHANGES.c.time, Moment).label("at")  # with its zone on both databases
    shown = select(EXCHANGES, at, THREADS.c.user_id, ARMS.c.experiment, ARMS.c.arm)
    read = shown.join(THREADS, THREADS.c.thread_id == EXCHANGES.c.thread_id).outerjoin(
        ARMS, ARMS.c.run_id == EXCHANGES.c.run_id
    )
    last = 0
    while True:
        some = read.where(EXCHANGES.c.number > last).order_by(EXCHANGES.c.number).limit(_AT_ONCE)
        with database.reading() as connection:
            rows = connection.execute(some).all()
        if not rows:
            return
        for row in rows:
            products = tuple(card["product_id"] for card in row.answer.get("products", ()))
            if products:
                yield _exposure(row, products, arm_of)
        last = rows[-1].number


def _exposure(row: Row[Any], products: tuple[str, ...], arm_of: Callable[[str], str | None]) -> Exposure:
    recorded = row.arm is not None
    return Exposure(
        run_id=row.run_id,
        user_id=row.user_id,
        thread_id=row.thread_id,
        time=row.at,
        products=products,
        experiment=row.experiment,
        arm=row.arm if recorded else arm_of(row.user_id),
        recorded=recorded,
    )
