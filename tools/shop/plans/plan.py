"""A plan is checked and shown before it is carried out, and made anew from the same arguments when it is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from tools.shop.accounts import read_account
from tools.shop.carts import read_cart
from tools.shop.orders import read_order
from tools.shop.policy import ShopPolicy
from tools.shop.receipts import Receipt
from tools.shop.records import Account, Cart, Item, Line, Order, PaymentMethod
from tools.shop.refusals import Refused
from tools.shop.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Desk:
    """What one transaction works with. `items` are those that were asked for, as the shelf had them just before."""

    connection: Connection
    user_id: str
    now: datetime
    policy: ShopPolicy
    shelf: Shelf
    items: Mapping[str, Item] = field(default_factory=dict)

    def knowing(self, items: Mapping[str, Item]) -> Desk:
        return replace(self, items=items)

    def account(self) -> Account:
        return read_account(self.connection, self.user_id)

    def cart(self) -> Cart:
        return read_cart(self.connection, self.user_id)

    def order(self, order_id: str) -> Order:
        """Raises Refused, for another shopper's order as for one that never was."""
        order = read_order(self.connection, order_id)
        if order is None or order.user_id != self.user_id:
            raise Refused("unknown_order", order_id=order_id)
        return order

    def version(self, what: str, arguments: Mapping[str, Any]) -> int:
        """Of the cart, the account, or the order that the arguments name. Raises Refused."""
        if what == "order":
            return self.order(arguments["order_id"]).version
        return (self.cart() if what == "cart" else self.account()).version

    def item(self, item_id: str, quantity: int = 1) -> Item:
        """One that can be bought now. Raises Refused."""
        item = self.items.get(item_id)
        if item is None:
            raise Refused("unknown_item", item_id=item_id)
        if not item.has(quantity):
            raise Refused("sold_out", item_id=item_id, title=item.title, stock=item.stock if item.available else 0)
        if item.price is None:
            raise Refused("price_unknown", item_id=item_id, title=item.title)
        return item

    def take(self, lines: Iterable[Line]) -> None:
        """Off the shelf, in an order that two transactions share. Raises Refused when somebody else was faster."""
        for line in sorted(lines, key=lambda line: line.item_id):
            if not self.shelf.take(self.connection, line.item_id, line.quantity):
                raise Refused("sold_out", item_id=line.item_id, title=line.title)

    def put_back(self, lines: Iterable[Line]) -> None:
        for line in sorted(lines, key=lambda line: line.item_id):
            self.shelf.take(self.connection, line.item_id, -line.quantity)


@dataclass(frozen=True, slots=True)
class Plan:
    """`versions` are of the records it rests on; `carry_out` is given the action's id and returns the receipt."""

    preview: Receipt
    versions: Mapping[str, int]
    before: Receipt
    carry_out: Callable[[str], Receipt]


@dataclass(frozen=True, slots=True)
class Intent:
    """Something that must be confirmed. `needs` names the items whose price and stock decide it."""

    name: str
    description: str
    arguments: type[BaseModel]
    plan: Callable[[Desk, Any], Plan]
    needs: Callable[[Desk, Any], tuple[str, ...]] = lambda desk, arguments: ()


def method_of(account: Account, method_id: str) -> PaymentMethod:
    """Raises Refused."""
    method = account.method(method_id)
    if method is None:
        raise Refused("unknown_payment_method", payment_method_id=method_id)
    return method
