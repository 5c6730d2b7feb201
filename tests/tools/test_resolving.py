"""Words for orders, items and payments become ids by what the store holds; what is not clear is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools.records import ToolCall
from tools.resolving import Resolver, address
from tools.shop_tools import shop_tools
from tools.toolbox import Toolbox


@pytest.fixture
def ask(counter):
    resolver = Resolver(Toolbox(shop_tools(counter.store, counter.confirmations), counter.confirmations))

    async def call(tool: str, **arguments: object):
        return (await resolver.call(ToolCall(tool, arguments), counter.session)).action

    return call


@pytest.fixture
async def placed(counter, ask):
    """Two orders of Mina's besides those she has."""
    ids = []
    for item in ("mug-s", "lamp-1"):
        await ask("add_to_cart", item_id=item)
        proposed = await ask("place_order")
        done = await counter.confirmations.decide(proposed.action_id, True, counter.session)
        ids.append(done.action.receipt["order_id"])
        counter.clock.later(hours=1)
    return ids


async def test_the_last_order_is_the_newest(ask, placed) -> None:
    assert (await ask("order_status", order_hint="last")).receipt["order_id"] == placed[-1]
    assert (await ask("order_status", order_hint="only")).receipt["order_id"] == placed[-1]


async def test_my_order_is_asked_about_when_several_could_be_meant(ask, placed) -> None:
    asked = await ask("cancel_order", order_hint="only")
    assert (asked.status, asked.receipt["reason"]) == ("refused", "which_order")
    assert set(placed) <= {order["order_id"] for order in asked.receipt["orders"]}


async def test_what_is_in_it_tells_which_order(ask, placed) -> None:
    proposed = await ask("order_status", order_hint="first")
    assert proposed.status == "done"
    asked = await ask("return_items", order_hint="only", item_hint="spaceship")
    assert asked.status == "refused"


async def test_an_item_of_the_cart_by_its_name(ask) -> None:
    await ask("add_to_cart", item_id="mug-s")
    await ask("add_to_cart", item_id="mug-l")
    await ask("add_to_cart", item_id="lamp-1")
    removed = await ask("remove_from_cart", item_hint="lamp")
    assert [line["item_id"] for line in removed.receipt["cart"]["lines"]] == ["mug-s", "mug-l"]
    asked = await ask("remove_from_cart", item_hint="mug")
    assert (asked.status, asked.receipt["reason"]) == ("refused", "which_item")
    assert (await ask("remove_from_cart", item_hint="mug size l")).status == "done"
    assert (await ask("remove_from_cart", item_hint="sofa")).receipt["reason"] == "not_in_cart"
    assert (await ask("remove_from_cart", item_hint="all")).receipt["cart"]["lines"] == []


async def test_no_orders_at_all(counter, ask) -> None:
    resolver = Resolver(Toolbox(shop_tools(counter.store, counter.confirmations), counter.confirmations))
    stranger = replace(counter.session, user_id="nobody-yet")
    action = (await resolver.call(ToolCall("order_status", {"order_hint": "last"}), stranger)).action
    assert (action.status, action.receipt) == ("refused", {"reason": "no_orders"})


@pytest.mark.parametrize(
    ("said", "line1", "city", "zip_code"),
    [
        ("12 Main Street, Springfield, IL 62704, USA", "12 Main Street", "Springfield", "62704"),
        ("12 Main Street, Apt 4, Springfield, IL 62704", "12 Main Street", "Springfield", "62704"),
    ],
)
def test_an_address_in_its_parts(said: str, line1: str, city: str, zip_code: str) -> None:
    parts = address(said)
    assert (parts["line1"], parts["city"], parts["zip"]) == (line1, city, zip_code)


@pytest.mark.parametrize("said", ["home", "Springfield", "Main Street, Springfield, Illinois", "12 Main Street"])
async def test_half_an_address_is_asked_for(ask, placed, said: str) -> None:
    asked = await ask("change_order_address", order_id=placed[0], address_hint=said)
    assert (asked.status, asked.receipt["reason"]) == ("refused", "whole_address")


async def test_a_way_to_pay_by_its_name(counter, ask, placed) -> None:
    changed = await ask("change_order_payment", order_id=placed[0], payment_hint="paypal")
    assert changed.status == "proposed"
    assert changed.arguments["payment_method_id"] == "paypal_1"
    unknown = await ask("change_order_payment", order_id=placed[0], payment_hint="bitcoin")
    assert unknown.receipt["reason"] == "unknown_payment_method"


async def test_a_variant_by_what_is_different(ask, placed) -> None:
    changed = await ask("change_order_items", order_id=placed[0], item_hint="mug", new_item_hint="size L")
    assert changed.status == "proposed"
    assert tuple(changed.arguments["new_item_ids"]) == ("mug-l",)
    gone = await ask("change_order_items", order_id=placed[0], item_hint="mug", new_item_hint="size X")
    assert gone.receipt["reason"] == "no_such_variant"


async def test_the_order_told_of_is_meant_unless_another_is_the_only_one_it_can_be(ask, placed) -> None:
    first, second = placed
    proposed = await ask("cancel_order", order_hint=f"told:{first}")
    assert (proposed.status, proposed.arguments["order_id"]) == ("proposed", first)
    returned = await ask("return_items", order_hint=f"told:{second}", item_hint="all")
    assert (returned.status, returned.arguments["order_id"]) == ("proposed", "W2")
