from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.shop_counter import ITEMS, NOW, order
from tools.shop.orders import save_order
from tools.shop.records import Payment
from tools.shop.store import ShopStore
from tools.shop_tools import shop_confirmations

NEW = {"line1": "2 Oak Road", "city": "Boulder", "country": "USA", "zip": "80301"}


def _order(counter, order_id):
    return next(order for order in counter.orders() if order.order_id == order_id)


def _under(counter, **rules):
    """The same shop with another policy."""
    old = counter.store
    changed = {name: getattr(old.policy, name).model_copy(update=update) for name, update in rules.items()}
    counter.store = ShopStore(old.database, old.shelf, old.clock, old.policy.model_copy(update=changed))
    counter.confirmations = shop_confirmations(counter.store)


async def test_orders_are_listed_the_newest_first_and_only_ones_own(counter):
    listed = (await counter.use("list_orders")).action.receipt["orders"]

    assert [order["order_id"] for order in listed] == ["W1", "W2"]
    assert listed[0]["total"] == 98.25
    assert [line["quantity"] for line in listed[0]["lines"]] == [2, 1]


@pytest.mark.parametrize("order_id", ["W1", "#W1", "w1", " #w1 "])
async def test_an_order_is_found_however_its_number_is_written(counter, order_id):
    told = (await counter.use("order_status", order_id=order_id)).action

    assert (told.receipt["order_id"], told.receipt["status"]) == ("W1", "pending")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("order_status", {}),
        ("cancel_order", {"reason": "no longer needed"}),
        ("change_order_address", {"address": NEW}),
        ("change_order_payment", {"payment_method_id": "card_1"}),
        ("change_order_items", {"item_ids": ["lamp-1"], "new_item_ids": ["lamp-1"]}),
        ("return_items", {"item_ids": ["lamp-1"]}),
        ("exchange_items", {"item_ids": ["lamp-1"], "new_item_ids": ["lamp-1"]}),
    ],
)
async def test_another_shoppers_order_is_as_unknown_as_one_that_never_was(counter, tool, arguments):
    foreign = (await counter.do(tool, order_id="W3", **arguments)).action
    missing = (await counter.do(tool, order_id="W9", **arguments)).action

    assert foreign.receipt == {"reason": "unknown_order", "order_id": "W3"}
    assert missing.receipt == {"reason": "unknown_order", "order_id": "W9"}
    assert counter.orders("noor")[0].status == "pending"


async def test_a_cancelled_order_is_paid_back_to_who_paid(counter):
    told = (await counter.do("cancel_order", order_id="W1", reason="ordered by mistake")).action

    assert told.receipt["status"] == "cancelled"
    assert told.receipt["refund"] == {
        "amount": 98.25,
        "to": {"id": "card_1", "kind": "credit_card", "label": "visa 1234"},
        "when": {"min_days": 1, "max_days": 5},
    }
    assert _order(counter, "W1").payments[-1] == Payment(kind="refund", method_id="card_1", amount=Decimal("98.25"))
    again = (await counter.again("cancel_order", order_id="W1", reason="ordered by mistake")).action
    assert again.receipt == {"reason": "not_pending", "order_id": "W1", "status": "cancelled"}


async def test_without_a_reason_the_policys_own_counts(counter):
    done = (await counter.do("cancel_order", order_id="W1")).action

    assert (done.status, done.receipt["cancel_reason"]) == ("done", "no longer needed")


async def test_only_the_policys_reasons_cancel(counter):
    told = (await counter.do("cancel_order", order_id="W1", reason="because")).action

    assert (told.status, told.receipt["reason"]) == ("refused", "reason_not_allowed")
    assert told.receipt["allowed"] == ["no longer needed", "ordered by mistake"]


@pytest.mark.parametrize(
    ("tool", "order_id", "arguments", "reason"),
    [
        ("cancel_order", "W2", {"reason": "no longer needed"}, "not_pending"),
        ("change_order_address", "W2", {"address": NEW}, "not_pending"),
        ("change_order_payment", "W2", {"payment_method_id": "paypal_1"}, "not_pending"),
        ("change_order_items", "W2", {"item_ids": ["mug-s"], "new_item_ids": ["mug-l"]}, "not_pending"),
        ("return_items", "W1", {"item_ids": ["lamp-1"]}, "not_delivered"),
        ("exchange_items", "W1", {"item_ids": ["mug-s"], "new_item_ids": ["mug-l"]}, "not_delivered"),
        ("return_items", "W2", {"item_ids": ["rug-1"]}, "not_in_order"),
        ("return_items", "W2", {"item_ids": ["lamp-1", "lamp-1"]}, "not_in_order"),
        ("return_items", "W2", {"item_ids": ["lamp-1"], "payment_method_id": "paypal_1"}, "refund_method_not_allowed"),
        ("return_items", "W2", {"item_ids": ["lamp-1"], "payment_method_id": "none"}, "unknown_payment_method"),
        ("exchange_items", "W2", {"item_ids": ["mug-s"], "new_item_ids": ["mug-x"]}, "sold_out"),
        ("exchange_items", "W2", {"item_ids": ["mug-s"], "new_item_ids": ["lamp-1"]}, "other_product"),
        ("exchange_items", "W2", {"item_ids": ["mug-s"], "new_item_ids": ["nothing"]}, "unknown_item"),
        ("exchange_items", "W2", {"item_ids": ["mug-s", "mug-s"], "new_item_ids": ["mug-l"]}, "counts_differ"),
        ("change_order_items", "W1", {"item_ids": ["lamp-1"], "new_item_ids": ["rug-1"]}, "price_unknown"),
        ("change_order_payment", "W1", {"payment_method_id": "card_1"}, "same_payment_method"),
        ("change_order_payment", "W1", {"payment_method_id": "gift_1"}, "not_enough_balance"),
    ],
)
async def test_what_the_policy_forbids_is_refused_and_changes_nothing(counter, tool, order_id, arguments, reason):
    before = counter.orders()

    told = (await counter.do(tool, order_id=order_id, **arguments)).action

    assert (told.status, told.receipt["reason"]) == ("refused", reason)
    assert counter.orders() == before
    assert counter.log() == ()


async def test_another_method_pays_and_the_first_is_paid_back(counter):
    told = (await counter.do("change_order_payment", order_id="W1", payment_method_id="paypal_1")).action

    assert told.receipt["payment"]["id"] == "paypal_1"
    assert told.receipt["refund"]["to"]["id"] == "card_1"
    kinds = [(payment.kind, payment.method_id) for payment in _order(counter, "W1").payments]
    assert kinds == [("payment", "card_1"), ("payment", "paypal_1"), ("refund", "card_1")]
    again = (await counter.again("change_order_payment", order_id="W1", payment_method_id="card_1")).action
    assert again.receipt["reason"] == "payment_already_changed"
    cancelled = (await counter.do("cancel_order", order_id="W1", reason="no longer needed")).action
    assert (cancelled.receipt["refund"]["amount"], cancelled.receipt["refund"]["to"]["id"]) == (98.25, "paypal_1")


async def test_one_piece_of_a_line_is_changed_and_the_gift_card_pays_the_difference(counter):
    told = (
        await counter.do(
            "change_order_items",
            order_id="W1",
            item_ids=["mug-s"],
            new_item_ids=["mug-l"],
            payment_method_id="gift_1",
        )
    ).action

    assert (told.status, told.receipt["difference"]) == ("done", 3.2)
    changed = _order(counter, "W1")
    assert changed.status == "pending_items_changed"
    assert [(line.item_id, line.quantity) for line in changed.lines] == [("mug-l", 1), ("mug-s", 1), ("lamp-1", 1)]
    assert changed.total == Decimal("101.45")
    assert counter.balance() == Decimal("46.80")
    assert (await counter.store.shelf.items(["mug-l"]))["mug-l"].stock == 2
    late = (await counter.again("cancel_order", order_id="W1", reason="no longer needed")).action
    assert late.receipt == {"reason": "not_pending", "order_id": "W1", "status": "pending_items_changed"}


async def test_a_cheaper_item_is_paid_back_to_who_paid(counter):
    counter.put(ITEMS[3].model_copy(update={"item_id": "lamp-2", "price": Decimal("70.00")}))

    told = (await counter.do("change_order_items", order_id="W1", item_ids=["lamp-1"], new_item_ids=["lamp-2"])).action

    assert (told.receipt["difference"], told.receipt["refund"]["amount"]) == (-10.05, 10.05)
    assert _order(counter, "W1").payments[-1].kind == "refund"


async def test_a_return_tells_what_comes_back_and_to_whom(counter):
    told = (
        await counter.do("return_items", order_id="W2", item_ids=["mug-s", "mug-s"], payment_method_id="gift_1")
    ).action

    assert told.receipt["status"] == "return_requested"
    assert (told.receipt["refund"]["amount"], told.receipt["refund"]["when"]["max_days"]) == (18.2, 0)
    assert [line["item_id"] for line in told.receipt["lines"]] == ["mug-s", "mug-s"]
    assert _order(counter, "W2").after_sale.item_ids == ("mug-s", "mug-s")
    assert counter.balance() == Decimal("50.00")  # until the goods are back


async def test_an_exchange_is_asked_for_once(counter):
    exchange = {"order_id": "W2", "item_ids": ["mug-s"], "new_item_ids": ["mug-l"]}

    told = (await counter.do("exchange_items", **exchange)).action

    assert (told.receipt["status"], told.receipt["difference"]) == ("exchange_requested", 3.2)
    assert [line["item_id"] for line in told.receipt["lines"]] == ["mug-l"]
    again = (await counter.again("exchange_items", **exchange)).action
    assert again.receipt == {"reason": "not_delivered", "order_id": "W2", "status": "exchange_requested"}


@pytest.mark.parametrize("days", [29, 31])
async def test_a_return_window_closes(counter, days):
    with counter.store.database.writing("test") as connection:
        delivered = order("W4", "delivered").model_copy(update={"delivered_at": NOW - timedelta(days=days)})
        save_order(connection, delivered)

    told = (await counter.do("return_items", order_id="W4", item_ids=["lamp-1"])).action

    if days < counter.store.policy.returning.window_days:
        assert told.status == "done"
    else:
        assert told.receipt == {"reason": "too_late", "order_id": "W4", "days": 30}


async def test_the_policy_is_checked_again_when_it_is_confirmed(counter):
    proposed = (await counter.use("cancel_order", order_id="W1", reason="no longer needed")).action
    assert proposed.status == "proposed"
    _under(counter, cancel={"reasons": ("ordered by mistake",)})

    decided = (await counter.confirmations.decide(proposed.action_id, True, counter.session)).action

    assert (decided.status, decided.receipt["reason"]) == ("refused", "reason_not_allowed")
    assert _order(counter, "W1").status == "pending"


@pytest.mark.parametrize(
    ("rules", "arguments", "reason"),
    [
        ({"spending_limit": Decimal(50)}, {}, "spending_limit"),
        ({}, {"payment_method_id": "gift_1"}, "not_enough_balance"),
        ({}, {"payment_method_id": "nobody"}, "unknown_payment_method"),
    ],
)
async def test_an_order_beyond_its_limits_is_not_placed(counter, rules, arguments, reason):
    _under(counter, order=rules)
    await counter.use("add_to_cart", item_id="lamp-1")

    told = (await counter.do("place_order", **arguments)).action

    assert (told.status, told.receipt["reason"]) == ("refused", reason)
    assert len(counter.orders()) == 2


async def test_an_empty_cart_and_two_currencies_are_no_order(counter):
    assert (await counter.do("place_order")).action.receipt == {"reason": "empty_cart"}
    for item_id in ("lamp-1", "tea-1"):
        await counter.again("add_to_cart", item_id=item_id)

    told = (await counter.do("place_order")).action

    assert told.receipt == {"reason": "mixed_currencies", "currencies": ["EUR", "USD"]}


async def test_a_gift_card_pays_and_is_paid_back(counter):
    await counter.use("add_to_cart", item_id="mug-l", quantity=3)

    placed = (await counter.do("place_order", payment_method_id="gift_1")).action

    assert counter.balance() == Decimal("13.10")
    assert (await counter.store.shelf.items(["mug-l"]))["mug-l"].stock == 0
    await counter.do("cancel_order", order_id=placed.receipt["order_id"], reason="no longer needed")
    assert counter.balance() == Decimal("50.00")
    assert (await counter.store.shelf.items(["mug-l"]))["mug-l"].stock == 3
