"""Fills a world's shop with what a journey says is so before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from app.evaluation.journeys.journey import Given, GivenAccount, GivenLine, GivenOrder
from app.evaluation.rows import EvaluationError
from tools.preferences import Name as Preference
from tools.preferences import Profile, SetPreference
from tools.shop.accounts import read_account, save_account
from tools.shop.carts import save_cart
from tools.shop.orders import read_order, save_order
from tools.shop.records import NOTHING, Account, Address, Cart, Item, Line, Order, OrderStatus, Payment, PaymentMethod
from tools.shop.store import ShopStore


class Stocking:
    """In the name of `shopper` where nobody else is named. Every method raises EvaluationError."""

    def __init__(self, store: ShopStore, shopper: str) -> None:
        self._store, self._shopper = store, shopper

    async def fill(self, given: Given) -> None:
        lines = [*given.cart, *(line for order in given.orders for line in order.lines)]
        items = await self._items([line.product for line in lines])
        with self._store.database.writing(self._shopper) as connection:
            if given.account:
                save_account(connection, _account(given.account, self._shopper))
            if given.cart:
                save_cart(connection, Cart(user_id=self._shopper, lines=_lines(given.cart, items)))
            for order in given.orders:
                owner = order.shopper or self._shopper
                save_order(connection, self._order(order, read_account(connection, owner), items))

    async def declare(self, preferences: Mapping[Preference, Any], profile: Profile) -> None:
        for name, value in preferences.items():
            given = tuple(value) if isinstance(value, list) else value
            try:
                asked = SetPreference.model_validate({"name": name, "value": given})
                await profile.change(self._shopper, asked)
            except (ValidationError, ValueError):
                raise EvaluationError(f"given.preferences.{name}: {value!r} is no value for it") from None

    def move(self, orders: Mapping[str, OrderStatus]) -> None:
        """Gives orders another status, as a warehouse would."""
        with self._store.database.writing(self._shopper) as connection:
            for order_id, status in orders.items():
                order = read_order(connection, order_id)
                if order is None:
                    raise EvaluationError(f"meanwhile.orders: there is no order {order_id}")
                save_order(connection, order.model_copy(update={"status": status}))

    async def _items(self, ids: Sequence[str]) -> Mapping[str, Item]:
        items = await self._store.shelf.items(ids)
        for product_id in ids:
            if product_id not in items:
                raise EvaluationError(f"given: the shop has no product {product_id}")
        return items

    def _order(self, given: GivenOrder, account: Account, items: Mapping[str, Item]) -> Order:
        lines, now = _lines(given.lines, items), self._store.clock()
        method = given.paid_with or account.methods[0].method_id
        if account.method(method) is None:
            raise EvaluationError(f"given.orders: {given.id} is paid with {method}, which {account.user_id} has not")
        total = sum((line.amount for line in lines), NOTHING)
        delivered = given.delivered_days_ago
        return Order(
            order_id=given.id,
            user_id=account.user_id,
            status=given.status,
            currency=items[lines[0].item_id].currency,
            lines=lines,
            address=account.address,
            payments=(Payment(kind="payment", method_id=method, amount=total),),
            placed_at=now - timedelta(days=given.placed_days_ago),
            delivered_at=None if delivered is None else now - timedelta(days=delivered),
        )


def _lines(given: Sequence[GivenLine], items: Mapping[str, Item]) -> tuple[Line, ...]:
    fields = {"item_id", "product_id", "title", "options", "price"}
    return tuple(Line(**items[line.product].model_dump(include=fields), quantity=line.quantity) for line in given)


def _account(given: GivenAccount, user_id: str) -> Account:
    methods = tuple(
        PaymentMethod(
            method_id=method.id,
            kind=method.kind,
            brand=method.brand,
            last_four=method.last_four,
            balance=None if method.balance is None else method.balance.quantize(Decimal("0.01")),
        )
        for method in given.payment_methods
    )
    return Account(
        user_id=user_id,
        first_name=given.first_name,
        last_name=given.last_name,
        email=given.email,
        address=Address(**given.address.model_dump()) if given.address else None,
        methods=methods or (PaymentMethod(method_id="mock", kind="mock"),),
    )
