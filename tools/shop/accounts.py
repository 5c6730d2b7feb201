"""Accounts as rows. A shopper without one is assumed to have a mock payment method, stored on the first change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from tools.shop import tables
from tools.shop.records import Account, Address, PaymentMethod
from tools.shop.refusals import Refused

_MOCK = PaymentMethod(method_id="mock", kind="mock")


def read_account(connection: Connection, user_id: str) -> Account:
    row = connection.execute(select(tables.accounts).where(tables.accounts.c.user_id == user_id)).mappings().first()
    if row is None:
        return Account(user_id=user_id, methods=(_MOCK,))
    methods = connection.execute(
        select(tables.payment_methods)
        .where(tables.payment_methods.c.user_id == user_id)
        .order_by(tables.payment_methods.c.position)
    ).mappings()
    return Account.model_validate({**row, "methods": tuple(PaymentMethod.model_validate(dict(m)) for m in methods)})


def save_account(connection: Connection, account: Account) -> Account:
    """The account as stored. Raises Refused when another was stored since this one was read."""
    values = _values(account) | {"version": account.version + 1}
    if account.version == 0:
        connection.execute(insert(tables.accounts).values(values))
    else:
        same = (tables.accounts.c.user_id == account.user_id) & (tables.accounts.c.version == account.version)
        if connection.execute(update(tables.accounts).where(same).values(values)).rowcount == 0:
            raise Refused("changed", what="account")
    _save_methods(connection, account)
    return account.model_copy(update={"version": account.version + 1})


def find_by_email(connection: Connection, email: str) -> str | None:
    """The shopper's id; for whoever signs a shopper in, never for a model."""
    found = select(tables.accounts.c.user_id).where(func.lower(tables.accounts.c.email) == email.lower())
    return connection.execute(found).scalar()


def find_by_name(connection: Connection, first_name: str, last_name: str, postal_code: str) -> str | None:
    """As `find_by_email`; the postal code is the default address's."""
    columns = tables.accounts.c
    named = (func.lower(columns.first_name) == first_name.lower()) & (
        func.lower(columns.last_name) == last_name.lower()
    )
    for user_id, address in connection.execute(select(columns.user_id, columns.address).where(named)):
        if address and Address.model_validate(address).zip == postal_code:
            return str(user_id)
    return None


def _values(account: Account) -> dict[str, Any]:
    values = account.model_dump(exclude={"methods", "address"})
    return values | {"address": account.address.model_dump() if account.address else None}


def _save_methods(connection: Connection, account: Account) -> None:
    connection.execute(delete(tables.payment_methods).where(tables.payment_methods.c.user_id == account.user_id))
    rows = [
        {"user_id": account.user_id, "position": place, **method.model_dump()}
        for place, method in enumerate(account.methods)
    ]
    if rows:
        connection.execute(insert(tables.payment_methods), rows)
