"""What is done with the shop's own tools becomes events, once."""

from __future__ import annotations

from contextlib import closing

import pytest

from app.streaming.log import EventLog
from app.streaming.projection import Projection
from app.streaming.shopper_events import ShopperEvents
from app.streaming.toolbox import FollowedToolbox
from retrievers.catalogue import Product
from retrievers.features.descriptions import retail_descriptions
from tests.support.shop_counter import Clock, fill
from tools.records import Session, ToolCall
from tools.shop.store import open_shop_store
from tools.shop_tools import shop_confirmations, shop_tools

MINA = "mina"


class Till:
    """The shop's tools, followed."""

    def __init__(self, store, features, clock) -> None:
        self.log = EventLog(store.database)
        projection = Projection(self.log, features, features, _products, retail_descriptions(), clock)
        self.events, self.features = ShopperEvents(self.log, projection), features
        confirmations = shop_confirmations(store)
        self.toolbox = FollowedToolbox(shop_tools(store, confirmations), confirmations, self.events.after_deed)
        self._turns = iter(range(100))

    async def use(self, tool: str, turn: str | None = None, run: str | None = None, **arguments):
        session = Session(MINA, "t1", turn or f"turn-{next(self._turns)}", run_id=run)
        return (await self.toolbox.call(ToolCall(tool, arguments), session)).action

    async def confirm(self, action, accept: bool = True):
        return (await self.toolbox.decide(action.action_id, accept, Session(MINA, "t1", "word"))).action

    def told(self) -> list[tuple[str, str, int, float | None]]:
        return [(e.kind, e.product_id, e.quantity, e.price) for e in self.log.everything()]

    def value(self, name: str):
        return self.features.value(name, MINA)


def _products(names):
    return {name: Product(product_id=name, title=name, category=("Home", name.title())) for name in names}


@pytest.fixture
def till(where, features):
    clock = Clock()
    with closing(open_shop_store(where, clock)) as store:
        fill(store)
        yield Till(store, features, clock)


async def test_what_is_put_into_the_cart_is_an_event_and_what_is_taken_out_is_none(till) -> None:
    added = await till.use("add_to_cart", item_id="lamp-1", quantity=2)
    assert added.status == "done"
    price = added.receipt["cart"]["lines"][0]["price"]
    (event,) = till.told()
    assert event == ("cart", added.receipt["product_id"], 2, price)
    assert till.value("user_session:cart_total") == 2 * price

    await till.use("change_cart", item_id="lamp-1", quantity=3)
    assert till.told()[1:] == [("cart", added.receipt["product_id"], 1, price)]
    await till.use("change_cart", item_id="lamp-1", quantity=1)
    assert till.value("user_session:cart_total") == price
    await till.use("remove_from_cart")
    assert till.value("user_session:cart_total") == 0.0
    assert len(till.told()) == 2


async def test_a_repeated_call_is_one_event(till) -> None:
    for _ in range(2):
        assert (await till.use("add_to_cart", "same", item_id="lamp-1")).status == "done"
    assert len(till.told()) == 1


async def test_an_order_is_a_purchase_of_each_line_and_empties_the_cart(till) -> None:
    await till.use("add_to_cart", item_id="lamp-1", quantity=2)
    proposed = await till.use("place_order", payment_method_id="card_1")
    assert proposed.status == "proposed"
    assert [kind for kind, *_ in till.told()] == ["cart"]
    for _ in range(2):  # told twice, done once
        placed = await till.confirm(proposed)
        assert placed.status == "done"
    line = placed.receipt["lines"][0]
    assert till.told()[1:] == [("purchase", line["product_id"], 2, line["price"])]
    assert till.value("user_session:last_purchase_product") == line["product_id"]
    assert till.value("user_session:cart_total") == 0.0
    assert till.value("user_behavior:avg_order_value") == 2 * line["price"]
    assert till.value("user_purchases:purchased_products") == {line["product_id"]: 1}


async def test_what_was_declined_or_refused_is_no_event(till) -> None:
    await till.use("add_to_cart", item_id="lamp-1")
    proposed = await till.use("place_order", payment_method_id="card_1")
    assert (await till.confirm(proposed, accept=False)).status == "refused"
    assert (await till.use("add_to_cart", item_id="nothing")).status == "refused"
    assert [kind for kind, *_ in till.told()] == ["cart"]


async def test_a_deed_of_which_nobody_heard_is_told_when_the_shop_opens_again(till) -> None:
    plain = super(FollowedToolbox, till.toolbox)
    call = ToolCall("add_to_cart", {"item_id": "lamp-1"})
    outcome = await plain.call(call, Session(MINA, "t1", "before the crash"))
    assert outcome.action.status == "done"
    assert till.told() == []
    assert await till.events.projection.catch_up() == 1
    assert [kind for kind, *_ in till.told()] == ["cart"]
    assert await till.events.projection.catch_up() == 0
    assert len(till.told()) == 1


async def test_features_that_fail_take_nothing_back(till, features) -> None:
    features.down = True
    assert (await till.use("add_to_cart", item_id="lamp-1")).status == "done"
    assert len(till.told()) == 1
    features.down = False
    assert await till.events.projection.catch_up() == 1
    assert till.value("user_session:cart_total") > 0


async def test_what_was_done_before_somebody_was_forgotten_is_not_told_again(till) -> None:
    await till.use("add_to_cart", item_id="lamp-1")
    assert await till.events.erase(MINA) == 1
    assert await till.events.projection.catch_up() == 0
    assert till.told() == []
    await till.use("add_to_cart", item_id="lamp-1")
    assert len(till.told()) == 1


async def test_looking_into_the_cart_follows_nothing(till, features) -> None:
    await till.use("add_to_cart", item_id="lamp-1")
    features.writes.clear()
    assert (await till.use("view_cart")).status == "done"
    assert features.writes == []


async def test_what_is_bought_names_the_answer_it_was_put_into_the_cart_from(till) -> None:
    await till.use("add_to_cart", run="answer-1", item_id="lamp-1")
    await till.use("add_to_cart", run="answer-2", item_id="lamp-1", quantity=2)
    proposed = await till.use("place_order", run="answer-3", payment_method_id="card_1")
    assert (await till.confirm(proposed)).status == "done"
    assert [(e.kind, e.run_id) for e in till.log.everything()] == [
        ("cart", "answer-1"),
        ("cart", "answer-2"),
        ("purchase", "answer-2"),
    ]


async def test_what_was_done_outside_of_any_answer_names_none(till) -> None:
    await till.use("add_to_cart", item_id="lamp-1")
    assert [event.run_id for event in till.log.everything()] == [None]
