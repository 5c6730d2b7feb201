from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from decimal import Decimal

import pytest

from tools.records import Session
from tools.shop_tools import shop_confirmations

NEW = {"line1": "2 Oak Road", "city": "Boulder", "country": "USA", "zip": "80301"}


async def _cart_with_a_lamp(counter):
    added = await counter.again("add_to_cart", item_id="lamp-1")
    assert added.action.status == "done"


async def test_what_is_proposed_changes_nothing_until_it_is_accepted(counter):
    await _cart_with_a_lamp(counter)

    proposed = (await counter.use("place_order")).action

    assert proposed.status == "proposed"
    assert proposed.receipt["total"] == 80.05
    assert proposed.receipt["payment"] == {"id": "card_1", "kind": "credit_card", "label": "visa 1234"}
    assert {order.order_id for order in counter.orders()} == {"W1", "W2"}
    done = (await counter.confirmations.decide(proposed.action_id, True, counter.session)).action
    assert done.status == "done"
    placed = counter.orders()[0]
    assert placed.order_id == done.receipt["order_id"]
    assert placed.total == Decimal("80.05")
    assert done.receipt["cart"]["lines"] == []
    assert (await counter.use("view_cart")).action.receipt["cart"]["lines"] == []


async def test_one_action_is_done_once_however_often_it_is_accepted(counter):
    await _cart_with_a_lamp(counter)
    proposed = (await counter.use("place_order")).action

    decided = await asyncio.gather(
        *(counter.confirmations.decide(proposed.action_id, True, counter.session) for _ in range(6))
    )

    assert {outcome.action.status for outcome in decided} == {"done"}
    assert len({outcome.action.receipt["order_id"] for outcome in decided}) == 1
    assert len(counter.orders()) == 3
    assert [logged.deed.tool for logged in counter.log()] == ["add_to_cart", "place_order"]


async def test_a_second_device_that_decides_while_the_first_is_writing_gets_the_same_receipt(counter):
    await _cart_with_a_lamp(counter)
    proposed = (await counter.use("place_order")).action
    first_is_writing, second_has_begun = threading.Event(), threading.Event()
    overlapped = []

    def first_heard(point):
        if point == "written":
            first_is_writing.set()
            overlapped.append(second_has_begun.wait(timeout=3))

    def second_heard(point):
        if point == "deciding":
            second_has_begun.set()

    devices = [shop_confirmations(counter.store, heard) for heard in (first_heard, second_heard)]
    first = asyncio.create_task(devices[0].decide(proposed.action_id, True, counter.session))
    assert await asyncio.to_thread(first_is_writing.wait, 10)
    second = await devices[1].decide(proposed.action_id, True, counter.session)

    assert overlapped == [True]
    assert (await first).action == second.action
    assert second.action.status == "done"
    assert len(counter.orders()) == 3


async def test_what_was_declined_cannot_be_accepted_later(counter):
    proposed = (await counter.use("cancel_order", order_id="W1", reason="no longer needed")).action

    declined = await counter.confirmations.decide(proposed.action_id, False, counter.session)
    accepted = await counter.confirmations.decide(proposed.action_id, True, counter.session)

    assert declined.action.receipt == accepted.action.receipt == {"reason": "declined"}
    assert accepted.action.status == "refused"
    assert {order.status for order in counter.orders()} == {"pending", "delivered"}


async def test_a_preview_can_be_accepted_for_half_an_hour(counter):
    proposed = (await counter.use("cancel_order", order_id="W1", reason="no longer needed")).action
    assert len(await counter.confirmations.waiting(counter.session)) == 1
    counter.clock.later(minutes=31)

    assert await counter.confirmations.waiting(counter.session) == ()
    late = (await counter.confirmations.decide(proposed.action_id, True, counter.session)).action

    assert (late.status, late.receipt["reason"]) == ("refused", "expired")
    assert counter.orders()[0].status == "pending"


@pytest.mark.parametrize("session", [Session("noor", "thread-1", "t"), Session("mina", "thread-2", "t")])
async def test_nobody_decides_what_was_shown_to_another_or_elsewhere(counter, session):
    proposed = (await counter.use("cancel_order", order_id="W1", reason="no longer needed")).action

    tried = (await counter.confirmations.decide(proposed.action_id, True, session)).action

    assert (tried.status, tried.receipt["reason"]) == ("refused", "unknown_action")
    assert counter.orders()[0].status == "pending"
    assert await counter.confirmations.waiting(session) == ()


async def test_the_same_proposal_again_is_the_same_one(counter):
    first = (await counter.use("cancel_order", order_id="W1", reason="no longer needed")).action
    second = (await counter.again("cancel_order", order_id="W1", reason="no longer needed")).action
    other = (await counter.again("cancel_order", order_id="W1", reason="ordered by mistake")).action

    assert first.action_id == second.action_id != other.action_id
    waiting = await counter.confirmations.waiting(counter.session)
    assert [outcome.action.action_id for outcome in waiting] == [first.action_id, other.action_id]


async def test_a_proposal_made_anew_after_the_cart_changed_takes_the_place_of_the_old_one(counter):
    await _cart_with_a_lamp(counter)
    first = (await counter.use("place_order")).action
    await counter.again("add_to_cart", item_id="mug-s")

    second = (await counter.use("place_order")).action

    assert second.action_id != first.action_id
    assert second.receipt["total"] == 89.15
    assert len(await counter.confirmations.waiting(counter.session)) == 1
    stale = (await counter.confirmations.decide(first.action_id, True, counter.session)).action
    assert stale.status == "refused"
    assert len(counter.orders()) == 2


async def test_a_cart_changed_since_the_preview_is_not_ordered(counter):
    await _cart_with_a_lamp(counter)
    proposed = (await counter.use("place_order")).action
    await counter.again("add_to_cart", item_id="mug-s")

    decided = (await counter.confirmations.decide(proposed.action_id, True, counter.session)).action

    assert (decided.status, decided.receipt["reason"], decided.receipt["what"]) == ("refused", "changed", "cart")
    assert len(counter.orders()) == 2


async def test_a_price_changed_since_the_preview_is_told_and_not_taken(counter):
    await _cart_with_a_lamp(counter)
    proposed = (await counter.use("place_order")).action
    lamp = (await counter.store.shelf.items(["lamp-1"]))["lamp-1"]
    counter.put(lamp.model_copy(update={"price": Decimal("95.00")}))

    decided = (await counter.confirmations.decide(proposed.action_id, True, counter.session)).action

    assert (decided.status, decided.receipt["reason"]) == ("refused", "changed")
    assert decided.receipt["now"]["total"] == 95.0
    assert len(counter.orders()) == 2


async def test_of_two_open_proposals_for_one_cart_only_the_first_is_done(counter):
    await _cart_with_a_lamp(counter)
    by_card = (await counter.use("place_order")).action
    by_paypal = (await counter.use("place_order", payment_method_id="paypal_1")).action
    assert by_card.action_id != by_paypal.action_id

    first = (await counter.confirmations.decide(by_paypal.action_id, True, counter.session)).action
    second = (await counter.confirmations.decide(by_card.action_id, True, counter.session)).action

    assert first.status == "done"
    assert (second.status, second.receipt["reason"]) == ("refused", "changed")
    assert len(counter.orders()) == 3


async def test_every_decision_is_logged_with_what_stood_before(counter):
    await counter.do("change_order_address", order_id="W1", address=NEW)

    (logged,) = counter.log()

    assert (logged.deed.status, logged.thread_id, logged.at) == ("done", "thread-1", counter.clock())
    assert logged.deed.before["address"]["city"] == "Denver"
    assert logged.deed.after["address"]["city"] == "Boulder"


async def test_nothing_is_kept_in_the_name_of_nobody(counter):
    nobody = replace(counter.session, user_id="anonymous")

    for tool, arguments in (("add_to_cart", {"item_id": "lamp-1"}), ("view_cart", {}), ("place_order", {})):
        told = (await counter.use(tool, nobody, **arguments)).action
        assert (told.status, told.receipt["reason"]) == ("refused", "not_signed_in")
