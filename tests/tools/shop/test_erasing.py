from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from tools.records import Session
from tools.shop import tables
from tools.shop.erasing import erase_shopper, remains_of
from tools.shop_tools import shop_confirmations


async def test_the_cart_and_what_waits_go_and_what_is_the_shops_accounts_stays(counter) -> None:
    await counter.use("add_to_cart", item_id="lamp-1", quantity=2)
    proposed = (await counter.use("place_order", payment_method_id="card_1")).action
    placed = await counter.confirmations.decide(proposed.action_id, True, counter.session)
    assert placed.action.status == "done"
    await counter.again("add_to_cart", item_id="lamp-1")
    assert (await counter.use("place_order", payment_method_id="card_1")).action.status == "proposed"
    user_id, orders = counter.session.user_id, counter.orders()

    database = counter.store.database
    with database.writing(user_id) as connection:
        assert remains_of(connection, user_id)
        assert erase_shopper(connection, user_id) == 1
        assert not remains_of(connection, user_id)
        kept = connection.execute(select(func.count()).select_from(tables.audit)).scalar_one()
    assert kept >= 3
    assert counter.orders() == orders
    with database.writing(user_id) as connection:
        assert erase_shopper(connection, user_id) == 0
    assert (await counter.again("add_to_cart", item_id="lamp-1")).action.receipt["cart"]["version"] == 1


async def test_nobody_else_loses_anything(counter) -> None:
    await counter.use("add_to_cart", item_id="lamp-1")
    database = counter.store.database
    with database.writing("somebody") as connection:
        assert erase_shopper(connection, "somebody") == 0
        assert remains_of(connection, counter.session.user_id)


async def test_nothing_is_written_in_a_conversation_that_was_forgotten_meanwhile(counter) -> None:
    """By a turn of another process, to which the erasure of the shopper gives way to write after it."""
    await counter.use("add_to_cart", item_id="lamp-1")
    proposed = (await counter.use("place_order", payment_method_id="card_1")).action
    orders, done = counter.orders(), len(counter.log())
    counter.store = replace(counter.store, forgotten=lambda connection, thread_id: thread_id == "thread-1")
    counter.confirmations = shop_confirmations(counter.store)

    late = [
        await counter.again("add_to_cart", item_id="mug-s"),
        await counter.again("place_order", payment_method_id="card_1"),
        await counter.confirmations.decide(proposed.action_id, True, counter.session),
    ]
    assert [each.action.receipt["reason"] for each in late] == ["forgotten"] * 3
    assert (counter.orders(), len(counter.log())) == (orders, done)

    elsewhere = Session(counter.session.user_id, "", "key-1")  # the page itself, outside of any conversation
    assert (await counter.use("add_to_cart", elsewhere, item_id="mug-s")).action.status == "done"
