from __future__ import annotations

from datetime import timedelta

from app.evaluation.personalization.as_of import AsOf
from app.evaluation.personalization.shelf import OPEN, Shelf
from retrievers.purchases import Order, PurchaseLedger
from retrievers.ranking.forecast import PURCHASED
from retrievers.reading import Vocabulary, read_request


def test_the_question_is_read_as_a_shopper_s_would_be() -> None:
    reading = read_request(OPEN.question, Vocabulary())
    assert (reading.intent, reading.terms, reading.limits) == (OPEN.intent, OPEN.terms, OPEN.limits)


async def test_ten_products_that_were_never_shown_twice(orders: list[Order], titles: dict[str, str]) -> None:
    now = orders[-1].time + timedelta(days=1)
    shelf, ledger = Shelf(titles), PurchaseLedger.of(orders, now)
    source = AsOf(ledger, {order.shopper_id: order for order in orders})
    features = await source.shopper("s07", now)
    shown = await shelf.answer(features, source, ledger.products(), now, 10)
    assert len(set(shown)) == 10
    stranger = await shelf.answer({}, source, ledger.products(), now, 10)
    assert shown != stranger
    assert set(shown) & set(features[PURCHASED].value)
