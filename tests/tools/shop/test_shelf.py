from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from retrievers.catalogue import DocumentType, Product
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.index.protocol import IndexUnavailable
from retrievers.records import Evidence, ItemFacts
from tests.support.shop_counter import Counter
from tools.records import Session
from tools.shop.errors import ShelfUnavailable
from tools.shop.shelf import CatalogueShelf
from tools.shop.store import open_shop_store
from tools.shop_tools import shop_confirmations

NOW = datetime(2026, 11, 3, tzinfo=UTC)


class OneProductIndex:
    down = False

    def fetch(self, ids):
        if self.down:
            raise IndexUnavailable("down")
        row = Product(product_id="P1", title="Mug", price=1.0, stock=9, currency="EUR").model_dump(mode="json")
        return [Evidence("product/P1", DocumentType.PRODUCT, "c", "Mug", "", 1.0, row)] if "product/P1" in ids else []


class Facts:
    def __init__(self, facts):
        self.facts = facts

    async def items(self, product_ids, now, *, orders=False):
        if self.facts is None:
            raise FeaturesUnavailable("down")
        return {"P1": self.facts}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (ItemFacts("P1", price=12.3, stock=0), "sold_out"),
        (ItemFacts("P1", price=12.3, stock=1), "sold_out"),
        (ItemFacts("P1", stale=True), "price_unknown"),
        (ItemFacts("P1", price=12.3, stock=2), None),
        (ItemFacts("P1", price=12.3), None),
        (None, "unavailable"),
    ],
)
async def test_only_what_the_feature_store_vouches_for_can_be_bought(tmp_path, facts, reason):
    store = open_shop_store(
        tmp_path / "shop.db", lambda: NOW, CatalogueShelf(OneProductIndex(), Facts(facts), lambda: NOW)
    )
    counter = Counter(store, lambda: NOW, shop_confirmations(store))

    told = (await counter.use("add_to_cart", item_id="P1", quantity=2)).action

    assert told.receipt.get("reason") == reason
    if reason is None:
        placed = (await counter.do("place_order")).action
        assert (placed.status, placed.receipt["total"], placed.receipt["currency"]) == ("done", 24.6, "EUR")


async def test_a_price_is_exact_to_the_cent():
    shelf = CatalogueShelf(OneProductIndex(), Facts(ItemFacts("P1", price=0.1 + 0.2)), lambda: NOW)

    assert (await shelf.items(["P1", "P2"]))["P1"].price == Decimal("0.30")
    assert [item.item_id for item in await shelf.variants("P1")] == ["P1"]
    assert await shelf.variants("P2") == ()


async def test_a_shelf_that_cannot_be_read_says_so():
    index = OneProductIndex()
    index.down = True

    with pytest.raises(ShelfUnavailable):
        await CatalogueShelf(index, Facts(ItemFacts("P1")), lambda: NOW).items(["P1"])


async def test_what_waits_survives_a_shelf_that_is_down_for_a_while(tmp_path):
    facts = Facts(ItemFacts("P1", price=12.3, stock=5))
    store = open_shop_store(tmp_path / "shop.db", lambda: NOW, CatalogueShelf(OneProductIndex(), facts, lambda: NOW))
    counter = Counter(store, lambda: NOW, shop_confirmations(store))
    await counter.use("add_to_cart", item_id="P1")
    proposed = (await counter.use("place_order")).action
    up, facts.facts = facts.facts, None

    failed = (await counter.confirmations.decide(proposed.action_id, True, counter.session)).action
    assert (failed.status, failed.receipt) == ("failed", {"reason": "unavailable"})
    facts.facts = up
    done = (await counter.confirmations.decide(proposed.action_id, True, counter.session)).action

    assert done.status == "done"
    assert len(counter.orders("mina")) == 1


async def test_the_last_piece_is_sold_once(counter):
    for user, thread in (("mina", "thread-1"), ("noor", "thread-2")):
        await counter.use("add_to_cart", Session(user, thread, "t"), item_id="mug-l", quantity=3)
    sessions = [counter.session, Session("noor", "thread-2", "t")]
    proposed = [(await counter.use("place_order", session)).action for session in sessions]
    assert [action.status for action in proposed] == ["proposed", "proposed"]

    told = [
        (await counter.confirmations.decide(action.action_id, True, session)).action
        for action, session in zip(proposed, sessions, strict=True)
    ]

    assert [action.status for action in told] == ["done", "refused"]
    assert told[1].receipt["reason"] == "sold_out"
    assert (await counter.store.shelf.items(["mug-l"]))["mug-l"].stock == 0
