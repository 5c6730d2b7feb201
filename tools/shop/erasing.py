"""What a shop forgets of a shopper who asks for it.

Orders, what was paid, the account they rest on and the log of deeds stay: they are the shop's own accounts.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from tools.shop import tables

_KEPT = "done"  # proposals that were carried out belong to their orders


def _written(user_id: str) -> ColumnElement[bool]:
    """Receipts of this shopper's writes, as the log of deeds knows them."""
    own = select(tables.audit.c.action_id).where(tables.audit.c.user_id == user_id)
    return tables.writes.c.key.in_(own)


def erase_shopper(connection: Connection, user_id: str) -> int:
    """The number of lines that were in the cart. In a transaction that writes in this shopper's name."""
    lines = connection.execute(delete(tables.cart_lines).where(tables.cart_lines.c.user_id == user_id)).rowcount
    connection.execute(delete(tables.carts).where(tables.carts.c.user_id == user_id))
    connection.execute(delete(tables.tickets).where(tables.tickets.c.user_id == user_id))
    connection.execute(delete(tables.writes).where(_written(user_id)))
    proposals = tables.proposals.c
    connection.execute(delete(tables.proposals).where(proposals.user_id == user_id, proposals.status != _KEPT))
    return lines


def remains_of(connection: Connection, user_id: str) -> bool:
    """Whether anything that can be forgotten is there."""
    proposals = tables.proposals.c
    return any(
        (
            _counted(connection, tables.cart_lines, tables.cart_lines.c.user_id == user_id),
            _counted(connection, tables.carts, tables.carts.c.user_id == user_id),
            _counted(connection, tables.tickets, tables.tickets.c.user_id == user_id),
            _counted(connection, tables.writes, _written(user_id)),
            _counted(connection, tables.proposals, (proposals.user_id == user_id) & (proposals.status != _KEPT)),
        )
    )


def _counted(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar_one())
