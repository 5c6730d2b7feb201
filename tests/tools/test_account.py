from __future__ import annotations

from tools.records import Session

NEW = {"line1": "2 Oak Road", "city": "Boulder", "country": "USA", "zip": "80301"}


async def test_an_account_tells_how_its_shopper_pays(counter):
    account = (await counter.use("view_account")).action.receipt["account"]

    assert (account["first_name"], account["address"]["city"]) == ("Mina", "Denver")
    assert account["payment_methods"][0] == {"id": "card_1", "kind": "credit_card", "label": "visa 1234"}
    assert account["payment_methods"][2] == {"id": "gift_1", "kind": "gift_card", "label": "gift_card", "balance": 50.0}


async def test_a_changed_address_is_that_of_orders_to_come(counter):
    told = (await counter.do("change_account_address", address=NEW)).action

    assert (told.status, told.receipt["address"]["city"]) == ("done", "Boulder")
    assert {order.address.city for order in counter.orders()} == {"Denver"}
    await counter.use("add_to_cart", item_id="lamp-1")
    assert (await counter.use("place_order")).action.receipt["address"]["city"] == "Boulder"


async def test_a_shopper_without_an_account_gets_one_with_a_mock_payment_on_the_first_order(counter):
    stranger = Session("stranger", "thread-9", "turn-1")
    assumed = (await counter.use("view_account", stranger)).action.receipt["account"]
    assert assumed["payment_methods"] == [{"id": "mock", "kind": "mock", "label": "mock"}]
    await counter.use("add_to_cart", stranger, item_id="lamp-1")

    proposed = (await counter.use("place_order", stranger)).action
    done = (await counter.confirmations.decide(proposed.action_id, True, stranger)).action

    assert (done.status, done.receipt["payment"]["kind"]) == ("done", "mock")
    assert len(counter.orders("stranger")) == 1
    assert (await counter.use("view_account", stranger)).action.receipt["account"] == assumed
