"""Carts as rows."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from tools.shop import tables
from tools.shop.lines import read_lines, write_lines
from tools.shop.records import Cart
from tools.shop.refusals import Refused


def read_cart(connection: Connection, user_id: str) -> Cart:
    version = connection.execute(select(tables.carts.c.version).where(tables.carts.c.user_id == user_id)).scalar()
    if version is None:
        return Cart(user_id=user_id)
    lines = read_lines(connection, tables.cart_lines, tables.cart_lines.c.user_id, user_id)
    return Cart(user_id=user_id, lines=lines, version=version)


def save_cart(connection: Connection, cart: Cart) -> Cart:
    """The cart as stored. Raises Refused when another was stored since this one was read."""
    version = cart.version + 1
    if cart.version == 0:
        connection.execute(insert(tables.carts).values(user_id=cart.user_id, version=version))
    else:
        same = (tables.carts.c.user_id == cart.user_id) & (tables.carts.c.version == cart.version)
        if connection.execute(update(tables.carts).where(same).values(version=version)).rowcount == 0:
            raise Refused("changed", what="cart")
    write_lines(connection, tables.cart_lines, tables.cart_lines.c.user_id, cart.user_id, cart.lines)
    return cart.model_copy(update={"version": version})
