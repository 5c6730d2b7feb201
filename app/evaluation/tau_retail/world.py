"""The whole world in one database; every task gets a copy of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Table

from app.evaluation.rows import EvaluationError
from app.evaluation.tau_retail.dataset import Dataset
from app.evaluation.tau_retail.shapes import account_of, items_of, order_of, their_order, their_user
from app.evaluation.tau_retail.states import State
from tools.shop import tables
from tools.shop.accounts import read_account, save_account
from tools.shop.orders import read_order, read_orders, save_order
from tools.shop.store import ShopStore, open_shop_store
from tools.shop.stored_shelf import StoredShelf

_OF_ORDERS = (tables.orders, tables.order_lines, tables.payments)
_OF_USERS = (tables.accounts, tables.payment_methods)


def _now() -> datetime:
    return datetime.now(UTC)


class World:
    """`folder` holds its files; nothing in it is anybody else's."""

    def __init__(self, dataset: Dataset, folder: Path) -> None:
        """Raises EvaluationError for records that are not of this world's shape."""
        self._first = folder / "world.db"
        self._copy = folder / "task.db"
        with closing(open_shop_store(self._first, _now)) as store:
            try:
                _fill(store, dataset)
            except (KeyError, TypeError, ValidationError) as error:
                raise EvaluationError(f"a user, order or product is not of the expected shape: {error!r}") from None

    @contextmanager
    def fresh(self) -> Iterator[ShopStore]:
        """As if nothing had ever been done in it. One at a time."""
        for leftover in (f"{self._copy}-wal", f"{self._copy}-shm"):
            Path(leftover).unlink(missing_ok=True)
        shutil.copyfile(self._first, self._copy)
        with closing(open_shop_store(self._copy, _now)) as store:
            yield store

    def changed(self, store: ShopStore) -> State:
        """Orders and users whose rows differ from the world's, in the shape of its files."""
        orders = self._changed_ids(_OF_ORDERS, "order_id")
        users = self._changed_ids(_OF_USERS, "user_id")
        with store.database.reading() as connection:
            found = [read_order(connection, order_id) for order_id in orders]
            return {
                "orders": {order.order_id: their_order(order) for order in found if order},
                "users": {
                    user_id: their_user(
                        read_account(connection, user_id),
                        [order.order_id for order in read_orders(connection, user_id)],
                    )
                    for user_id in users
                },
            }

    def _changed_ids(self, stored: tuple[Table, ...], key: str) -> list[str]:
        """By comparing every row, so that a change nobody asked for is seen too."""
        with closing(sqlite3.connect(self._copy)) as connection:
            connection.execute("ATTACH ? AS first", (str(self._first),))
            return sorted({row[0] for table in stored for row in connection.execute(_differences(table, key))})


def _differences(table: Table, key: str) -> str:
    columns = ", ".join(column.name for column in table.columns if column.name != "version")
    mine, first = (f"SELECT {columns} FROM {schema}.{table.name}" for schema in ("main", "first"))  # noqa: S608 - ours
    return f"SELECT {key} FROM ({mine} EXCEPT {first}) UNION SELECT {key} FROM ({first} EXCEPT {mine})"  # noqa: S608


def _fill(store: ShopStore, dataset: Dataset) -> None:
    if isinstance(store.shelf, StoredShelf):
        store.shelf.put(item for product in dataset.products.values() for item in items_of(product))
    with store.database.writing("world") as connection:
        for user_id, user in dataset.users.items():
            save_account(connection, account_of(user_id, user))
        for order in dataset.orders.values():
            save_order(connection, order_of(order))
