"""One shopper's cart, orders and account taken along to another database, where they may be played with."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, select, true

from tools.shop import tables
from tools.shop.database import Database

_THEIRS = (tables.accounts, tables.payment_methods, tables.carts, tables.cart_lines, tables.orders)
_OF_ORDERS = (tables.order_lines, tables.payments)


def copy_shopper(user_id: str, source: Database, target: Database) -> None:
    """`target` has the shop's tables and nobody in them; `source` is only read. Raises ShopStoreError.

    What is sold comes along too. What waits for a word stays behind: it can be confirmed in one place only.
    """
    with source.reading() as reading, target.writing(user_id) as writing:
        for table in (tables.variants, *_THEIRS, *_OF_ORDERS):
            rows = [dict(row) for row in reading.execute(select(table).where(_whose(table, user_id))).mappings()]
            if rows:
                writing.execute(table.insert(), rows)


def _whose(table: Table, user_id: str) -> ColumnElement[bool]:
    if table in _OF_ORDERS:
        theirs = select(tables.orders.c.order_id).where(tables.orders.c.user_id == user_id)
        return table.c.order_id.in_(theirs)
    return table.c.user_id == user_id if table in _THEIRS else true()
