"""A small world of the published shape; the whole published one where it is at hand."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from app.evaluation.rows import EvaluationError
from app.evaluation.tau_retail import measure, read_dataset, read_tasks

_PUBLISHED = Path(__file__).parents[5] / "shared" / "data" / "tau_retail"
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


def _changed_order(order_id, **changes):
    return copy.deepcopy(WORLD["orders"][order_id]) | changes


def _balance(amount):
    user = copy.deepcopy(USER)
    user["payment_methods"]["gift_card_1"]["balance"] = amount
    return {"mina_1": user}


def _action(name, **kwargs):
    return {"name": name, "kwargs": kwargs}


_REFUND = {"transaction_type": "refund", "amount": 30.35, "payment_method_id": "gift_card_1"}
_PAID = WORLD["orders"]["#W1"]["payment_history"]
_CANCELLED = {
    "actions": [
        _action("find_user_id_by_email", email="Mina@example.com"),
        _action("get_order_details", order_id="#W1"),
        _action("think", thought="It is pending."),
        _action("cancel_pending_order", order_id="#W1", reason="no longer needed"),
    ],
    "final": {
        "orders": {
            "#W1": _changed_order(
                "#W1", status="cancelled", cancel_reason="no longer needed", payment_history=[*_PAID, _REFUND]
            )
        },
        "users": _balance(35.35),
    },
}
_ITEMS_CHANGED = {
    "actions": [
        _action("modify_pending_order_address", order_id="#W1", **_NEW),
        _action(
            "modify_pending_order_items",
            order_id="#W1",
            item_ids=["71"],
            new_item_ids=["73"],
            payment_method_id="gift_card_1",
        ),
    ],
    "final": {
        "orders": {
            "#W1": _changed_order(
                "#W1",
                address=_NEW,
                status="pending (item modified)",
                items=[_item("73", 14.3), _item("72", 20.25)],
                payment_history=[
                    *_PAID,
                    {"transaction_type": "payment", "amount": 4.200000000000001, "payment_method_id": "gift_card_1"},
                ],
            )
        },
        "users": _balance(0.8),
    },
}
_RETURNED = {
    "actions": [
        _action("find_user_id_by_name_zip", first_name="Mina", last_name="Park", zip="80218"),
        _action("return_delivered_order_items", order_id="#W2", item_ids=["72", "71"], payment_method_id="gift_card_1"),
    ],
    "final": {
        "orders": {
            "#W2": _changed_order(
                "#W2",
                status="return requested",
                return_items=["71", "72"],
                return_payment_method_id="gift_card_1",
            )
        },
        "users": {},
    },
}
_EXCHANGED = {
    "actions": [
        _action("get_product_details", product_id="7"),
        _action("calculate", expression="14.30 - 10.10"),
        _action(
            "exchange_delivered_order_items",
            order_id="#W2",
            item_ids=["71"],
            new_item_ids=["73"],
            payment_method_id="credit_card_2",
        ),
    ],
    "final": {
        "orders": {
            "#W2": _changed_order(
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
_MOVED = {
    "actions": [
        _action("get_user_details", user_id="mina_1"),
        _action("list_all_product_types"),
        _action("modify_user_address", user_id="mina_1", **_NEW),
        _action("transfer_to_human_agents", summary="Mina wants to talk to somebody."),
    ],
    "final": {"orders": {}, "users": {"mina_1": {**USER, "address": _NEW}}},
}
_TOO_DEAR = {  # the card holds 5.00: refused there, and so here
    "actions": [
        _action(
            "modify_pending_order_items",
            order_id="#W1",
            item_ids=["71"],
            new_item_ids=["72"],
            payment_method_id="gift_card_1",
        )
    ],
    "final": {"orders": {}, "users": {}},
}
TASKS = [_CANCELLED, _ITEMS_CHANGED, _RETURNED, _EXCHANGED, _MOVED, _TOO_DEAR]


@pytest.fixture
def folder(tmp_path):
    for name, rows in WORLD.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(rows))
    return tmp_path


def _measured(folder, *tasks):
    path = folder / "tasks.jsonl"
    path.write_text("\n".join(json.dumps({"user_id": "mina_1", **task}) for task in tasks))
    return measure(read_dataset(folder), read_tasks(path)).as_json()


def test_every_tool_of_the_world_ends_in_the_state_its_own_tools_leave(folder):
    report = _measured(folder, *TASKS)

    assert (report["tasks"], report["expressible"], report["state_equal"]) == (6, 1.0, 1.0), report["unequal"]
    assert report["inexpressible"] == {}
    assert report["refused"] == {"modify_pending_order_items": {"not_enough_balance": 1}}


def test_the_last_action_left_out_is_noticed(folder):
    report = _measured(folder, _CANCELLED, _ITEMS_CHANGED, _RETURNED, _EXCHANGED)

    assert report["control"]["last_action_left_out"]["state_equal"] == 0.0


def test_what_has_no_tool_is_counted_by_name(folder):
    task = {
        "actions": [
            _action("repaint_the_shop", colour="blue"),
            _action("cancel_pending_order", order_id="#W1"),
            _action("cancel_pending_order", order_id="#W1", reason="no longer needed", twice=True),
        ],
        "final": {"orders": {}, "users": {}},
    }

    report = _measured(folder, task)

    assert report["inexpressible"] == {"repaint_the_shop": 1, "cancel_pending_order": 1}
    assert report["expressible"] == 0.3333
    assert report["refused"] == {"cancel_pending_order": {"reason_not_allowed": 1}}


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "pending"), ("cancel_reason", "ordered by mistake"), ("payment_history", _PAID)],
)
def test_any_difference_in_a_record_is_a_difference(folder, field, value):
    wrong = copy.deepcopy(_CANCELLED)
    wrong["final"]["orders"]["#W1"][field] = value

    assert _measured(folder, wrong)["state_equal"] == 0.0


def test_a_change_that_was_not_asked_for_is_a_difference(folder):
    unexpected = {**_CANCELLED, "final": {**_CANCELLED["final"], "users": {}}}

    assert _measured(folder, unexpected)["state_equal"] == 0.0


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("users.json", None, "holds no users.json"),
        ("orders.json", "[1, 2]", "not one JSON object"),
        ("orders.json", "{", "not valid JSON"),
        ("users.json", '{"mina_1": {"name": "Mina"}}', "not of the expected shape"),
        ("tasks.jsonl", '{"actions": [], "final": {}}', "no objects 'orders' and 'users'"),
        ("tasks.jsonl", '{"actions": ["cancel"], "final": {"orders": {}, "users": {}}}', "'name' and 'kwargs'"),
    ],
)
def test_files_of_another_shape_are_refused_in_one_line(folder, name, text, message):
    (folder / "tasks.jsonl").write_text(json.dumps(_CANCELLED))
    (folder / name).unlink(missing_ok=True)
    if text is not None:
        (folder / name).write_text(text)

    with pytest.raises(EvaluationError, match=message):
        measure(read_dataset(folder), read_tasks(folder / "tasks.jsonl"))


def test_the_published_development_tasks_end_as_published():
    if not _PUBLISHED.exists():
        pytest.skip(f"the public retail world is not at {_PUBLISHED}")

    report = measure(read_dataset(_PUBLISHED), read_tasks(_PUBLISHED / "tasks_dev.jsonl")).as_json()

    assert report["tasks"] >= 20
    assert report["expressible"] == 1.0
    assert report["state_equal"] == 1.0
    assert report["control"]["last_action_left_out"]["state_equal"] < 0.2
