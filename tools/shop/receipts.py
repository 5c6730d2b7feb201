"""Receipts: what the store holds as plain JSON, with the same keys everywhere. Here amounts become floats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tools.shop.policy import ShopPolicy
from tools.shop.records import NOTHING, Account, AfterSale, Cart, Item, Line, Order, PaymentMethod

Receipt = dict[str, Any]


def money(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def line_receipt(line: Line) -> Receipt:
    return {
        "item_id": line.item_id,
        "product_id": line.product_id,
        "title": line.title,
        "options": dict(line.options),
        "quantity": line.quantity,
        "price": money(line.price),
    }


def item_receipt(item: Item) -> Receipt:
    return {
        "item_id": item.item_id,
        "product_id": item.product_id,
        "title": item.title,
        "options": dict(item.options),
        "price": money(item.price),
        "currency": item.currency,
        "available": item.available,
    }


def method_receipt(method: PaymentMethod) -> Receipt:
    balance = {} if method.balance is None else {"balance": money(method.balance)}
    return {"id": method.method_id, "kind": method.kind, "label": method.label} | balance


def payment_receipt(account: Account, method_id: str) -> Receipt:
    """Without the balance, which other orders change; a method that was removed since keeps its id."""
    method = account.method(method_id)
    if method is None:
        return {"id": method_id, "kind": None, "label": method_id}
    return {"id": method_id, "kind": method.kind, "label": method.label}


def refund_receipt(account: Account, refunds: Mapping[str, Decimal], policy: ShopPolicy) -> Receipt:
    """`when` counts working days; of more than one method `parts` tells each."""
    parts = [_refund(account, method_id, amount, policy) for method_id, amount in refunds.items()]
    if len(parts) == 1:
        return parts[0]
    return {"amount": money(sum(refunds.values(), NOTHING)), "parts": parts}


def cart_receipt(cart: Cart) -> Receipt:
    """`total` is None while a price is unknown."""
    known = all(line.price is not None for line in cart.lines)
    total = sum((line.amount for line in cart.lines), NOTHING) if known else None
    return {"lines": [line_receipt(line) for line in cart.lines], "total": money(total), "version": cart.version}


def order_receipt(order: Order, account: Account) -> Receipt:
    paid = [payment_receipt(account, method_id) for method_id in order.paid()]
    receipt: Receipt = {
        "order_id": order.order_id,
        "status": order.status,
        "lines": [line_receipt(line) for line in order.lines],
        "total": money(order.total),
        "currency": order.currency,
        "payment": paid[-1] if paid else None,
        "address": order.address.model_dump() if order.address else None,
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
    }
    if order.parcels:
        receipt["parcels"] = [parcel.model_dump(mode="json") for parcel in order.parcels]
    if order.after_sale:
        receipt["after_sale"] = _after_sale(order.after_sale, account)
    return receipt | ({"cancel_reason": order.cancel_reason} if order.cancel_reason else {})


def orders_receipt(orders: Iterable[Order], account: Account) -> Receipt:
    return {"orders": [order_receipt(order, account) for order in orders]}


def account_receipt(account: Account) -> Receipt:
    """The shopper's own; never put where another can read it."""
    return {
        "account": {
            "first_name": account.first_name,
            "last_name": account.last_name,
            "email": account.email,
            "address": account.address.model_dump() if account.address else None,
            "payment_methods": [method_receipt(method) for method in account.methods],
        }
    }


def _refund(account: Account, method_id: str, amount: Decimal, policy: ShopPolicy) -> Receipt:
    method = account.method(method_id)
    days = policy.refund_days.get(method.kind) if method else None
    when = None if days is None else {"min_days": days[0], "max_days": days[1]}
    return {"amount": money(amount), "to": payment_receipt(account, method_id), "when": when}


def _after_sale(asked: AfterSale, account: Account) -> Receipt:
    return {
        "kind": asked.kind,
        "item_ids": list(asked.item_ids),
        "new_item_ids": list(asked.new_item_ids),
        "difference": money(asked.difference),
        "payment": payment_receipt(account, asked.method_id),
    }
