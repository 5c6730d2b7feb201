"""A small retail world of the published shape, and tasks of every kind in it."""

from __future__ import annotations

import copy
import json
from pathlib import Path

_ADDRESS = {"address1": "1 Elm", "address2": "", "city": "Denver", "state": "CO", "country": "USA", "zip": "80218"}
_NEW = {"address1": "2 Oak", "address2": "B", "city": "Boulder", "state": "CO", "country": "USA", "zip": "80301"}


def _variant(item_id, price, available=True):
    return {"item_id": item_id, "options": {"size": item_id}, "available": available, "price": price}


def _item(item_id, price):
    return {
        "name": "Mug",
        "product_id": "7",
        "item_id": item_id,
        "price": price,
        "options": {"size": item_id},
    }


def _order(order_id, status):
    return {
        "order_id": order_id,
        "user_id": "mina_1",
        "address": _ADDRESS,
        "items": [_item("71", 10.1), _item("72", 20.25)],
        "fulfillments": [{"tracking_id": ["99"], "item_ids": ["71", "72"]}] if status == "delivered" else [],
        "status": status,
        "payment_history": [{"transaction_type": "payment", "amount": 30.35, "payment_method_id": "gift_card_1"}],
    }


USER = {
    "name": {"first_name": "Mina", "last_name": "Park"},
    "address": _ADDRESS,
    "email": "mina@example.com",
    "payment_methods": {
        "gift_card_1": {"source": "gift_card", "balance": 5, "id": "gift_card_1"},
        "credit_card_2": {"source": "credit_card", "brand": "visa", "last_four": "1234", "id": "credit_card_2"},
    },
    "orders": ["#W2", "#W1"],
}
WORLD = {
    "users": {"mina_1": USER},
    "orders": {"#W1": _order("#W1", "pending"), "#W2": _order("#W2", "delivered")},
    "products": {
        "7": {
            "name": "Mug",
            "product_id": "7",
            "variants": {"71": _variant("71", 10.1), "72": _variant("72", 20.25), "73": _variant("73", 14.3)},
        }
    },
}


def changed_order(order_id, **changes):
    return copy.deepcopy(WORLD["orders"][order_id]) | changes


def _balance(amount):
    user = copy.deepcopy(USER)
    user["payment_methods"]["gift_card_1"]["balance"] = amount
    return {"mina_1": user}


def action(name, **kwargs):
    return {"name": name, "kwargs": kwargs}


_REFUND = {"transaction_type": "refund", "amount": 30.35, "payment_method_id": "gift_card_1"}
PAID = WORLD["orders"]["#W1"]["payment_history"]
CANCELLED = {
    "actions": [
        action("find_user_id_by_email", email="Mina@example.com"),
        action("get_order_details", order_id="#W1"),
        action("think", thought="It is pending."),
        action("cancel_pending_order", order_id="#W1", reason="no longer needed"),
    ],
    "final": {
        "orders": {
            "#W1": changed_order(
                "#W1", status="cancelled", cancel_reason="no longer needed", payment_history=[*PAID, _REFUND]
            )
        },
        "users": _balance(35.35),
    },
}
ITEMS_CHANGED = {
    "actions": [
        action("modify_pending_order_address", order_id="#W1", **_NEW),
        action(
            "modify_pending_order_items",
            order_id="#W1",
            item_ids=["71"],
            new_item_ids=["73"],
            payment_method_id="gift_card_1",
        ),
    ],
    "final": {
        "orders": {
            "#W1": changed_order(
                "#W1",
                address=_NEW,
                status="pending (item modified)",
                items=[_item("73", 14.3), _item("72", 20.25)],
                payment_history=[
                    *PAID,
                    {"transaction_type": "payment", "amount": 4.200000000000001, "payment_method_id": "gift_card_1"},
                ],
            )
        },
        "users": _balance(0.8),
    },
}
RETURNED = {
    "actions": [
        action("find_user_id_by_name_zip", first_name="Mina", last_name="Park", zip="80218"),
        action("return_delivered_order_items", order_id="#W2", item_ids=["72", "71"], payment_method_id="gift_card_1"),
    ],
    "final": {
        "orders": {
            "#W2": changed_order(
                "#W2",
                status="return requested",
                return_items=["71", "72"],
                return_payment_method_id="gift_card_1",
            )
        },
        "users": {},
    },
}
EXCHANGED = {
    "actions": [
        action("get_product_details", product_id="7"),
        action("calculate", expression="14.30 - 10.10"),
        action(
            "exchange_delivered_order_items",
            order_id="#W2",
            item_ids=["71"],
            new_item_ids=["73"],
            payment_method_id="credit_card_2",
        ),
    ],
    "final": {
        "orders": {
            "#W2": changed_order(
                "#W2",
                status="exchange requested",
                exchange_items=["71"],
                exchange_new_items=["73"],
                exchange_payment_method_id="credit_card_2",
                exchange_price_difference=4.2,
            )
        },
        "users": {},
    },
}
MOVED = {
    "actions": [
        action("get_user_details", user_id="mina_1"),
        action("list_all_product_types"),
        action("modify_user_address", user_id="mina_1", **_NEW),
        action("transfer_to_human_agents", summary="Mina wants to talk to somebody."),
    ],
    "final": {"orders": {}, "users": {"mina_1": {**USER, "address": _NEW}}},
}
TOO_DEAR = {  # the card holds 5.00: refused there, and so here
    "actions": [
        action(
            "modify_pending_order_items",
            order_id="#W1",
            item_ids=["71"],
            new_item_ids=["72"],
            payment_method_id="gift_card_1",
        )
    ],
    "final": {"orders": {}, "users": {}},
}


def put_world(folder: Path) -> Path:
    """Its files, as they are published."""
    for name, rows in WORLD.items():
        (folder / f"{name}.json").write_text(json.dumps(rows))
    return folder
