"""The cart becomes an order."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from tools.shop.accounts import save_account
from tools.shop.carts import save_cart
from tools.shop.orders import read_order, save_order
from tools.shop.plans.plan import Desk, Intent, Plan, method_of
from tools.shop.receipts import cart_receipt, order_receipt
from tools.shop.records import Account, Address, Cart, Line, Order, Payment, PaymentMethod
from tools.shop.refusals import Refused

_DIGITS = 8  # of an order's number


class PlaceOrder(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    payment_method_id: str | None = Field(
        default=None, description="One of the shopper's payment methods; left out, the first that covers the total."
    )
    address: Address | None = Field(
        default=None, description="Where to send it; left out, the address of the shopper's account."
    )


def _plan(desk: Desk, arguments: PlaceOrder) -> Plan:
    cart, account = desk.cart(), desk.account()
    order = _draft(desk, cart, account, arguments)
    method_id, total = order.payments[0].method_id, order.total
    preview = order_receipt(order, account)
    preview = {key: value for key, value in preview.items() if key not in ("order_id", "placed_at")}

    def carry_out(action_id: str) -> dict[str, object]:
        desk.take(order.lines)
        order_id = _free_number(desk, action_id)
        placed = save_order(desk.connection, order.model_copy(update={"order_id": order_id, "placed_at": desk.now}))
        stored = save_account(desk.connection, account.moved(method_id, -total))
        emptied = save_cart(desk.connection, cart.model_copy(update={"lines": ()}))
        return order_receipt(placed, stored) | {"cart": cart_receipt(emptied)}

    return Plan(preview, {"cart": cart.version}, {"cart": cart_receipt(cart)}, carry_out)


def _draft(desk: Desk, cart: Cart, account: Account, arguments: PlaceOrder) -> Order:
    lines = _priced(desk, cart)
    total = sum((line.amount for line in lines), Decimal(0))
    limit = desk.policy.order.spending_limit
    if limit is not None and total > limit:
        raise Refused("spending_limit", total=float(total), limit=float(limit))
    address = arguments.address or account.address
    if address is None and desk.policy.order.address_required:
        raise Refused("no_address")
    method = _method(account, arguments.payment_method_id, total)
    return Order(
        order_id="",
        user_id=desk.user_id,
        status="pending",
        currency=_currency(desk, cart),
        lines=lines,
        address=address,
        payments=(Payment(kind="payment", method_id=method.method_id, amount=total),),
    )


def _priced(desk: Desk, cart: Cart) -> tuple[Line, ...]:
    if not cart.lines:
        raise Refused("empty_cart")
    most = desk.policy.order.max_quantity
    for line in cart.lines:
        if line.quantity > most:
            raise Refused("too_many", item_id=line.item_id, title=line.title, limit=most)
    prices = [desk.item(line.item_id, line.quantity).price for line in cart.lines]
    return tuple(line.model_copy(update={"price": price}) for line, price in zip(cart.lines, prices, strict=True))


def _currency(desk: Desk, cart: Cart) -> str:
    found = sorted({desk.item(line.item_id).currency for line in cart.lines})
    if len(found) > 1:
        raise Refused("mixed_currencies", currencies=found)
    return found[0]


def _method(account: Account, method_id: str | None, total: Decimal) -> PaymentMethod:
    if method_id is None:
        method = next((method for method in account.methods if method.covers(total)), None)
        if method is None:
            raise Refused("no_payment_method", total=float(total))
        return method
    method = method_of(account, method_id)
    if not method.covers(total):
        raise Refused("not_enough_balance", payment_method_id=method_id, balance=float(method.balance or 0))
    return method


def _free_number(desk: Desk, action_id: str) -> str:
    """Made from the action's id, so that one action never has two numbers."""
    number = int(action_id.replace("-", ""), 16)
    while True:
        order_id = f"W{number % 10**_DIGITS:0{_DIGITS}d}"
        if read_order(desk.connection, order_id) is None:
            return order_id
        number += 1


PLACE_ORDER = Intent(
    "place_order",
    "Order everything in the shopper's cart. The shopper sees the lines, the total, the payment method and the address "
    "first and must confirm.",
    PlaceOrder,
    _plan,
    lambda desk, arguments: tuple(line.item_id for line in desk.cart().lines),
)
