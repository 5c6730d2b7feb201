"""Items of a delivered order are given back or exchanged. Money moves when the goods have arrived, not here."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from tools.shop.orders import save_order
from tools.shop.plans.changing import settlement
from tools.shop.plans.paying import covering, method_or_payer
from tools.shop.plans.pieces import difference, line_of, pieces, replacements
from tools.shop.plans.plan import Desk, Intent, Plan
from tools.shop.receipts import Receipt, line_receipt, money, order_receipt, refund_receipt
from tools.shop.records import NOTHING, Account, AfterSale, Line, Order, PaymentMethod
from tools.shop.refusals import Refused


class ReturnItems(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: str = Field(description="The order's number.")
    item_ids: tuple[str, ...] = Field(min_length=1, description="The items to give back; an id twice for two pieces.")
    payment_method_id: str | None = Field(
        default=None,
        description="Who gets the refund: the method that paid, which it is when left out, or a gift card.",
    )


class ExchangeItems(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: str = Field(description="The order's number.")
    item_ids: tuple[str, ...] = Field(
        min_length=1, description="The items to be exchanged, all at once; an id twice for two pieces."
    )
    new_item_ids: tuple[str, ...] = Field(
        min_length=1, description="What each is exchanged for, in the same order: items of the same product."
    )
    payment_method_id: str | None = Field(
        default=None, description="Who pays or gets the difference; left out, the method that paid."
    )


def _plan_return(desk: Desk, arguments: ReturnItems) -> Plan:
    order, account = desk.order(arguments.order_id), desk.account()
    desk.policy.returning.check(order, desk.now, "not_delivered")
    chosen = pieces(order, arguments.item_ids)
    method = method_or_payer(order, account, arguments.payment_method_id)
    _may_get_refund(order, method)
    asked = AfterSale(kind="return", item_ids=tuple(sorted(arguments.item_ids)), method_id=method.method_id)
    amount = sum((piece.amount for piece in chosen), NOTHING)
    told: Receipt = {"refund": refund_receipt(account, {method.method_id: amount}, desk.policy)}
    return _plan(desk, order, account, asked, chosen, told)


def _plan_exchange(desk: Desk, arguments: ExchangeItems) -> Plan:
    order, account = desk.order(arguments.order_id), desk.account()
    desk.policy.exchange.check(order, desk.now, "not_delivered")
    chosen = pieces(order, arguments.item_ids)
    new = replacements(desk, chosen, arguments.new_item_ids)
    method = method_or_payer(order, account, arguments.payment_method_id)
    costs = difference(chosen, new)
    covering(method, costs)
    asked = AfterSale(
        kind="exchange",
        item_ids=tuple(sorted(arguments.item_ids)),
        new_item_ids=tuple(sorted(arguments.new_item_ids)),
        method_id=method.method_id,
        difference=costs,
    )
    told = settlement(desk, account, method.method_id, costs) | {"returned": [line_receipt(piece) for piece in chosen]}
    return _plan(desk, order, account, asked, [line_of(item) for item in new], told)


def _may_get_refund(order: Order, method: PaymentMethod) -> None:
    if method.kind != "gift_card" and method.method_id not in order.paid():
        raise Refused("refund_method_not_allowed", order_id=order.order_id, payment_method_id=method.method_id)


def _plan(desk: Desk, order: Order, account: Account, asked: AfterSale, lines: Sequence[Line], told: Receipt) -> Plan:
    """`lines` is what the receipt is about, with its total: what is given back, or what comes in its place."""
    status = "return_requested" if asked.kind == "return" else "exchange_requested"
    changed = order.model_copy(update={"status": status, "after_sale": asked})
    about = {
        "lines": [line_receipt(line) for line in lines],
        "total": money(sum((line.amount for line in lines), NOTHING)),
    }
    preview = order_receipt(changed, account) | about | told

    def carry_out(action_id: str) -> Receipt:
        save_order(desk.connection, changed)
        return preview

    return Plan(preview, {"order": order.version}, order_receipt(order, account), carry_out)


RETURN_ITEMS = Intent(
    "return_items",
    "Give items of a delivered order back for a refund. Possible once for an order: name all items together. "
    "The shopper must confirm.",
    ReturnItems,
    _plan_return,
)
EXCHANGE_ITEMS = Intent(
    "exchange_items",
    "Exchange items of a delivered order for other variants of the same products. Possible once for an order: name all "
    "items together. The shopper must confirm.",
    ExchangeItems,
    _plan_exchange,
    lambda desk, arguments: arguments.new_item_ids,
)
