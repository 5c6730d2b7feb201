"""What is in the cart, and what goes in and out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tools.records import Session
from tools.shop.carts import save_cart
from tools.shop.kinds import Change, ReadTool, WriteTool
from tools.shop.plans.plan import Desk
from tools.shop.receipts import Receipt, cart_receipt
from tools.shop.records import Cart, Item, Line
from tools.shop.refusals import Refused
from tools.shop.store import ShopStore
from tools.tool import Tool


class ViewCart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AddToCart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    item_id: str = Field(description="The item's id; of a product without variants, the product's id.")
    quantity: int = Field(default=1, ge=1, description="How many pieces to add.")


class _Versioned(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int | None = Field(
        default=None, description="The version of the cart that was shown; refused when the cart has changed since."
    )


class ChangeCart(_Versioned):
    item_id: str = Field(description="An item in the cart.")
    quantity: int = Field(ge=0, description="How many pieces there shall be; 0 removes it.")


class RemoveFromCart(_Versioned):
    item_id: str | None = Field(default=None, description="An item in the cart; left out, everything is removed.")


def cart_tools(store: ShopStore) -> tuple[Tool, ...]:
    return (
        ReadTool("view_cart", "What is in the shopper's cart, and the total.", ViewCart, store, _view, _in_cart),
        WriteTool(
            "add_to_cart",
            "Put an item into the shopper's cart, or more of one that is in it.",
            AddToCart,
            store,
            _add,
            lambda desk, arguments: (*_in_cart(desk, arguments), arguments.item_id),
        ),
        WriteTool(
            "change_cart", "Set how many of an item are in the shopper's cart.", ChangeCart, store, _change, _in_cart
        ),
        WriteTool(
            "remove_from_cart",
            "Take an item, or everything, out of the shopper's cart.",
            RemoveFromCart,
            store,
            _remove,
            _in_cart,
        ),
    )


def _in_cart(desk: Desk, arguments: Any) -> tuple[str, ...]:
    return tuple(line.item_id for line in desk.cart().lines)


def _view(desk: Desk, arguments: ViewCart) -> Receipt:
    return _told(desk, desk.cart())


def _add(desk: Desk, arguments: AddToCart, session: Session) -> Change:
    cart = desk.cart()
    line = _line(cart, arguments.item_id)
    quantity = arguments.quantity + (line.quantity if line else 0)
    item = _allowed(desk, arguments.item_id, quantity)
    if line is None and len(cart.lines) >= desk.policy.order.max_lines:
        raise Refused("too_many", limit=desk.policy.order.max_lines)
    return _saved(desk, cart, _with(cart, item, quantity), item)


def _change(desk: Desk, arguments: ChangeCart, session: Session) -> Change:
    cart = _shown(desk.cart(), arguments.version)
    if _line(cart, arguments.item_id) is None:
        raise Refused("not_in_cart", item_id=arguments.item_id)
    if arguments.quantity == 0:
        return _saved(desk, cart, _without(cart, arguments.item_id))
    item = _allowed(desk, arguments.item_id, arguments.quantity)
    return _saved(desk, cart, _with(cart, item, arguments.quantity), item)


def _remove(desk: Desk, arguments: RemoveFromCart, session: Session) -> Change:
    cart = _shown(desk.cart(), arguments.version)
    if arguments.item_id is None:
        return _saved(desk, cart, ())
    if _line(cart, arguments.item_id) is None:
        raise Refused("not_in_cart", item_id=arguments.item_id)
    return _saved(desk, cart, _without(cart, arguments.item_id))


def _allowed(desk: Desk, item_id: str, quantity: int) -> Item:
    """An item in a number that can be bought. Raises Refused."""
    item = desk.item(item_id, quantity)
    if quantity > desk.policy.order.max_quantity:
        raise Refused("too_many", item_id=item_id, title=item.title, limit=desk.policy.order.max_quantity)
    return item


def _shown(cart: Cart, version: int | None) -> Cart:
    if version is not None and version != cart.version:
        raise Refused("changed", what="cart", now={"cart": cart_receipt(cart)})
    return cart


def _line(cart: Cart, item_id: str) -> Line | None:
    return next((line for line in cart.lines if line.item_id == item_id), None)


def _with(cart: Cart, item: Item, quantity: int) -> tuple[Line, ...]:
    """A changed line keeps its place; a new one comes last."""
    line = Line(**item.model_dump(include={"item_id", "product_id", "title", "options", "price"}), quantity=quantity)
    if _line(cart, item.item_id) is None:
        return (*cart.lines, line)
    return tuple(line if old.item_id == item.item_id else old for old in cart.lines)


def _without(cart: Cart, item_id: str) -> tuple[Line, ...]:
    return tuple(line for line in cart.lines if line.item_id != item_id)


def _saved(desk: Desk, cart: Cart, lines: Sequence[Line], about: Item | None = None) -> Change:
    saved = save_cart(desk.connection, cart.model_copy(update={"lines": tuple(lines)}))
    named = {} if about is None else about.model_dump(include={"item_id", "product_id", "title"})
    return Change({"cart": cart_receipt(cart)}, named | _told(desk, saved))


def _told(desk: Desk, cart: Cart) -> Receipt:
    """At today's prices, None where nobody can vouch for one; amounts of two currencies have no total."""
    prices = {item_id: item.price for item_id, item in desk.items.items()}
    lines = tuple(line.model_copy(update={"price": prices.get(line.item_id)}) for line in cart.lines)
    told = cart_receipt(cart.model_copy(update={"lines": lines}))
    currencies = {desk.items[line.item_id].currency for line in lines if line.item_id in desk.items}
    if len(currencies) > 1:
        return {"cart": told | {"total": None}}
    return {"cart": told, "currency": currencies.pop()} if currencies else {"cart": told}
