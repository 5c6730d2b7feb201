"""The world's records as ours, and ours as the world's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.evaluation.tau_retail.dataset import Row
from tools.shop.records import (
    Account,
    Address,
    AfterSale,
    Item,
    Line,
    Order,
    OrderStatus,
    Parcel,
    Payment,
    PaymentMethod,
)

_STATUSES: dict[str, OrderStatus] = {
    "pending": "pending",
    "pending (item modified)": "pending_items_changed",
    "processed": "processed",
    "delivered": "delivered",
    "cancelled": "cancelled",
    "return requested": "return_requested",
    "exchange requested": "exchange_requested",
}
_THEIR_STATUSES = {ours: theirs for theirs, ours in _STATUSES.items()}


def items_of(product: Row) -> Iterator[Item]:
    for variant in product["variants"].values():
        yield Item(
            item_id=variant["item_id"],
            product_id=product["product_id"],
            title=product["name"],
            options=variant["options"],
            price=_amount(variant["price"]),
            available=variant["available"],
        )


def account_of(user_id: str, user: Row) -> Account:
    return Account(
        user_id=user_id,
        first_name=user["name"]["first_name"],
        last_name=user["name"]["last_name"],
        email=user["email"],
        address=address_of(user["address"]),
        methods=tuple(_method(method) for method in user["payment_methods"].values()),
    )


def order_of(order: Row) -> Order:
    payments = [
        Payment(kind=each["transaction_type"], method_id=each["payment_method_id"], amount=_amount(each["amount"]))
        for each in order["payment_history"]
    ]
    parcels = [Parcel(tracking_ids=each["tracking_id"], item_ids=each["item_ids"]) for each in order["fulfillments"]]
    return Order(
        order_id=order["order_id"],
        user_id=order["user_id"],
        status=_STATUSES[order["status"]],
        lines=tuple(_line(item) for item in order["items"]),
        address=address_of(order["address"]),
        payments=tuple(payments),
        parcels=tuple(parcels),
    )


def address_of(address: Row) -> Address:
    return Address(
        line1=address["address1"],
        line2=address["address2"],
        city=address["city"],
        state=address["state"],
        country=address["country"],
        zip=address["zip"],
    )


def their_order(order: Order) -> dict[str, Any]:
    exported: dict[str, Any] = {
        "order_id": order.order_id,
        "user_id": order.user_id,
        "address": _their_address(order.address),
        "items": [_their_item(line) for line in order.lines for _ in range(line.quantity)],
        "fulfillments": [
            {"tracking_id": list(parcel.tracking_ids), "item_ids": list(parcel.item_ids)} for parcel in order.parcels
        ],
        "status": _THEIR_STATUSES[order.status],
        "payment_history": [
            {"transaction_type": each.kind, "amount": float(each.amount), "payment_method_id": each.method_id}
            for each in order.payments
        ],
    }
    if order.cancel_reason:
        exported["cancel_reason"] = order.cancel_reason
    return exported | (_their_after_sale(order.after_sale) if order.after_sale else {})


def their_user(account: Account, order_ids: Sequence[str]) -> dict[str, Any]:
    return {
        "name": {"first_name": account.first_name, "last_name": account.last_name},
        "address": _their_address(account.address),
        "email": account.email,
        "payment_methods": {method.method_id: _their_method(method) for method in account.methods},
        "orders": list(order_ids),
    }


def _amount(amount: float) -> Decimal:
    return Decimal(str(round(amount, 2)))


def _method(method: Row) -> PaymentMethod:
    balance = method.get("balance")
    return PaymentMethod(
        method_id=method["id"],
        kind=method["source"],
        brand=method.get("brand"),
        last_four=method.get("last_four"),
        balance=None if balance is None else _amount(balance),
    )


def _line(item: Row) -> Line:
    return Line(
        item_id=item["item_id"],
        product_id=item["product_id"],
        title=item["name"],
        options=item["options"],
        price=_amount(item["price"]),
    )


def _their_item(line: Line) -> dict[str, Any]:
    return {
        "name": line.title,
        "product_id": line.product_id,
        "item_id": line.item_id,
        "price": None if line.price is None else float(line.price),
        "options": dict(line.options),
    }


def _their_address(address: Address | None) -> dict[str, str] | None:
    if address is None:
        return None
    lines = {"address1": address.line1, "address2": address.line2}
    return lines | address.model_dump(include={"city", "state", "country", "zip"})


def _their_method(method: PaymentMethod) -> dict[str, Any]:
    told = {"source": method.kind, "id": method.method_id, "brand": method.brand, "last_four": method.last_four}
    balance = None if method.balance is None else float(method.balance)
    return {key: value for key, value in (told | {"balance": balance}).items() if value is not None}


def _their_after_sale(asked: AfterSale) -> dict[str, Any]:
    if asked.kind == "return":
        return {"return_items": list(asked.item_ids), "return_payment_method_id": asked.method_id}
    return {
        "exchange_items": list(asked.item_ids),
        "exchange_new_items": list(asked.new_item_ids),
        "exchange_payment_method_id": asked.method_id,
        "exchange_price_difference": None if asked.difference is None else float(asked.difference),
    }
