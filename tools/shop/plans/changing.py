"""A pending order gets another address, another payment method, or other variants of its items."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from tools.shop.accounts import save_account
from tools.shop.orders import save_order
from tools.shop.plans.paying import covering, method_or_payer
from tools.shop.plans.pieces import difference, line_of, pieces, replaced, replacements
from tools.shop.plans.plan import Desk, Intent, Plan, method_of
from tools.shop.receipts import Receipt, money, order_receipt, payment_receipt, refund_receipt
from tools.shop.records import Account, Address, Line, Order, Payment
from tools.shop.refusals import Refused


class _OfOrder(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: str = Field(description="The order's number.")


class ChangeOrderAddress(_OfOrder):
    address: Address = Field(description="The whole new address.")


class ChangeOrderPayment(_OfOrder):
    payment_method_id: str = Field(description="The shopper's payment method that shall pay instead.")


class ChangeOrderItems(_OfOrder):
    item_ids: tuple[str, ...] = Field(
        min_length=1, description="The items to be changed, all at once; an id twice for two pieces."
    )
    new_item_ids: tuple[str, ...] = Field(
        min_length=1, description="What each becomes, in the same order: items of the same product."
    )
    payment_method_id: str | None = Field(
        default=None, description="Who pays or gets the difference; left out, the method that paid."
    )


def _plan_address(desk: Desk, arguments: ChangeOrderAddress) -> Plan:
    order, account = _changeable(desk, arguments.order_id)
    changed = order.model_copy(update={"address": arguments.address})
    return _plan(desk, order, changed, account, account, order_receipt(changed, account))


def _plan_payment(desk: Desk, arguments: ChangeOrderPayment) -> Plan:
    order, account = _changeable(desk, arguments.order_id)
    method = method_of(account, arguments.payment_method_id)
    if len(order.payments) != 1:
        raise Refused("payment_already_changed", order_id=order.order_id)
    first = order.payments[0]
    if first.method_id == method.method_id:
        raise Refused("same_payment_method", order_id=order.order_id, payment_method_id=method.method_id)
    covering(method, first.amount)
    paid = Payment(kind="payment", method_id=method.method_id, amount=first.amount)
    changed = order.model_copy(
        update={"payments": (first, paid, first.model_copy(update={"kind": "refund"}))},
    )
    moved = account.moved(method.method_id, -first.amount).moved(first.method_id, first.amount)
    refund = refund_receipt(account, {first.method_id: first.amount}, desk.policy)
    return _plan(desk, order, changed, account, moved, order_receipt(changed, account) | {"refund": refund})


def _plan_items(desk: Desk, arguments: ChangeOrderItems) -> Plan:
    order, account = _changeable(desk, arguments.order_id)
    chosen = pieces(order, arguments.item_ids)
    new = replacements(desk, chosen, arguments.new_item_ids)
    method = method_or_payer(order, account, arguments.payment_method_id)
    costs = difference(chosen, new)
    covering(method, costs)
    settled = Payment(kind="payment" if costs > 0 else "refund", method_id=method.method_id, amount=abs(costs))
    changed = order.model_copy(
        update={
            "status": "pending_items_changed",
            "lines": replaced(order.lines, arguments.item_ids, new),
            "payments": (*order.payments, settled),
        }
    )
    preview = order_receipt(changed, account) | settlement(desk, account, method.method_id, costs)
    moved = account.moved(method.method_id, -costs)
    return _plan(desk, order, changed, account, moved, preview, back=chosen, taken=[line_of(item) for item in new])


def settlement(desk: Desk, account: Account, method_id: str, costs: Decimal) -> Receipt:
    """Who pays the difference, or what is given back."""
    told: Receipt = {"difference": money(costs), "payment": payment_receipt(account, method_id)}
    return told | ({"refund": refund_receipt(account, {method_id: -costs}, desk.policy)} if costs < 0 else {})


def _changeable(desk: Desk, order_id: str) -> tuple[Order, Account]:
    order = desk.order(order_id)
    desk.policy.change.check(order, desk.now, "not_pending")
    return order, desk.account()


def _plan(
    desk: Desk,
    order: Order,
    changed: Order,
    account: Account,
    moved: Account,
    preview: Receipt,
    *,
    back: Sequence[Line] = (),
    taken: Sequence[Line] = (),
) -> Plan:
    """`moved` is the account after its gift cards gave and got; `back` and `taken` are pieces."""

    def carry_out(action_id: str) -> Receipt:
        if moved != account:
            save_account(desk.connection, moved)
        save_order(desk.connection, changed)
        desk.put_back(back)
        desk.take(taken)
        return preview

    return Plan(preview, {"order": order.version}, order_receipt(order, account), carry_out)


CHANGE_ORDER_ADDRESS = Intent(
    "change_order_address",
    "Send a pending order to another address. The shopper must confirm.",
    ChangeOrderAddress,
    _plan_address,
)
CHANGE_ORDER_PAYMENT = Intent(
    "change_order_payment",
    "Let another of the shopper's payment methods pay a pending order; the first one gets its money back. "
    "The shopper must confirm.",
    ChangeOrderPayment,
    _plan_payment,
)
CHANGE_ORDER_ITEMS = Intent(
    "change_order_items",
    "Change items of a pending order to other variants of the same products (size, colour, ...). Possible once only, "
    "and the order can no longer be changed or cancelled afterwards: name all items together. "
    "The shopper must confirm.",
    ChangeOrderItems,
    _plan_items,
    lambda desk, arguments: arguments.new_item_ids,
)
