from __future__ import annotations

from sqlalchemy import func, select

from tools.shop import tables
from tools.shop.erasing import erase_shopper, remains_of


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
