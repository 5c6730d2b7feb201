from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from tools.records import Session


async def _lines(counter):
    receipt = (await counter.use("view_cart")).action.receipt
    return [(line["item_id"], line["quantity"], line["price"]) for line in receipt["cart"]["lines"]]


async def test_what_is_added_is_in_the_cart_and_adds_up(counter):
    assert await _lines(counter) == []
    await counter.again("add_to_cart", item_id="lamp-1")
    told = await counter.again("add_to_cart", item_id="mug-s", quantity=2)
    await counter.again("add_to_cart", item_id="lamp-1")

    assert told.products == ("mug", "lamp")
    assert (told.action.receipt["title"], told.action.receipt["cart"]["total"]) == ("Mug", 98.25)
    assert told.action.receipt["currency"] == "USD"
    assert await _lines(counter) == [("lamp-1", 2, 80.05), ("mug-s", 2, 9.1)]


async def test_a_call_repeated_within_a_turn_happens_once(counter):
    first = await counter.use("add_to_cart", item_id="lamp-1")
    second = await counter.use("add_to_cart", item_id="lamp-1")
    assert first.action.receipt == second.action.receipt
    assert await _lines(counter) == [("lamp-1", 1, 80.05)]

    await counter.use("add_to_cart", replace(counter.session, turn_id="turn-2"), item_id="lamp-1")

    assert await _lines(counter) == [("lamp-1", 2, 80.05)]
    assert len(counter.log()) == 2


async def test_quantities_are_changed_and_items_taken_out(counter):
    for item_id in ("lamp-1", "mug-s"):
        await counter.again("add_to_cart", item_id=item_id)

    await counter.again("change_cart", item_id="mug-s", quantity=3)
    assert await _lines(counter) == [("lamp-1", 1, 80.05), ("mug-s", 3, 9.1)]
    await counter.again("change_cart", item_id="lamp-1", quantity=0)
    assert await _lines(counter) == [("mug-s", 3, 9.1)]
    await counter.again("add_to_cart", item_id="lamp-1")
    await counter.again("remove_from_cart", item_id="mug-s")
    assert await _lines(counter) == [("lamp-1", 1, 80.05)]
    await counter.again("remove_from_cart")
    assert await _lines(counter) == []


@pytest.mark.parametrize(
    ("tool", "arguments", "refused"),
    [
        ("add_to_cart", {"item_id": "nothing"}, {"reason": "unknown_item", "item_id": "nothing"}),
        ("add_to_cart", {"item_id": "rug-1"}, {"reason": "price_unknown", "item_id": "rug-1", "title": "Rug"}),
        ("add_to_cart", {"item_id": "mug-x"}, {"reason": "sold_out", "item_id": "mug-x", "title": "Mug", "stock": 0}),
        (
            "add_to_cart",
            {"item_id": "mug-l", "quantity": 4},
            {"reason": "sold_out", "item_id": "mug-l", "title": "Mug", "stock": 3},
        ),
        (
            "add_to_cart",
            {"item_id": "lamp-1", "quantity": 21},
            {"reason": "too_many", "item_id": "lamp-1", "title": "Lamp", "limit": 20},
        ),
        ("change_cart", {"item_id": "lamp-1", "quantity": 2}, {"reason": "not_in_cart", "item_id": "lamp-1"}),
        ("remove_from_cart", {"item_id": "lamp-1"}, {"reason": "not_in_cart", "item_id": "lamp-1"}),
    ],
)
async def test_what_cannot_be_is_refused_with_a_code(counter, tool, arguments, refused):
    told = (await counter.use(tool, **arguments)).action

    assert (told.status, told.receipt) == ("refused", refused)
    assert await _lines(counter) == []


async def test_a_cart_that_changed_since_it_was_shown_is_not_changed_blindly(counter):
    shown = (await counter.again("add_to_cart", item_id="lamp-1")).action.receipt["cart"]["version"]
    await counter.again("add_to_cart", item_id="mug-s")

    told = (await counter.again("remove_from_cart", version=shown)).action

    assert (told.status, told.receipt["reason"], told.receipt["what"]) == ("refused", "changed", "cart")
    now = told.receipt["now"]["cart"]["version"]
    assert len(await _lines(counter)) == 2
    assert (await counter.again("remove_from_cart", version=now)).action.status == "done"


async def test_a_cart_shows_todays_prices_and_no_total_without_one(counter):
    await counter.again("add_to_cart", item_id="lamp-1")
    lamp = (await counter.store.shelf.items(["lamp-1"]))["lamp-1"]
    counter.put(lamp.model_copy(update={"price": Decimal("70.00")}))
    assert await _lines(counter) == [("lamp-1", 1, 70.0)]

    counter.put(lamp.model_copy(update={"price": None}))

    assert await _lines(counter) == [("lamp-1", 1, None)]
    assert (await counter.use("view_cart")).action.receipt["cart"]["total"] is None
    assert (await counter.use("place_order")).action.receipt["reason"] == "price_unknown"


async def test_devices_that_add_at_once_lose_nothing(counter):
    told = await asyncio.gather(*(counter.again("add_to_cart", item_id="lamp-1") for _ in range(8)))

    assert {outcome.action.status for outcome in told} == {"done"}
    assert await _lines(counter) == [("lamp-1", 8, 80.05)]
    assert len(counter.log()) == 8


async def test_two_currencies_have_no_total(counter):
    await counter.again("add_to_cart", item_id="tea-1")
    assert (await counter.use("view_cart")).action.receipt["currency"] == "EUR"

    told = (await counter.again("add_to_cart", item_id="lamp-1")).action.receipt

    assert told["cart"]["total"] is None
    assert "currency" not in told


async def test_carts_are_ones_own(counter):
    await counter.use("add_to_cart", item_id="lamp-1")

    other = await counter.use("view_cart", Session("noor", "thread-1", "turn-1"))

    assert other.action.receipt["cart"]["lines"] == []
