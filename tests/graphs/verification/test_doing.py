from __future__ import annotations

import pytest

from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.deeds import deeds
from graphs.verification.examine import examine
from graphs.verification.language import language
from graphs.verification.verify import verify
from tools.records import Action, ActionStatus, Outcome

LINE = {"item_id": "RUN-1", "product_id": "RUN-1", "title": "Halden Pace 3", "quantity": 2, "price": 24.0}
CART = {"lines": [LINE], "total": 48.0, "currency": "USD"}
ORDER = {"order_id": "#W42", "status": "delivered", "lines": [LINE], "total": 48.0, "currency": "USD"}


def _done(sources: Sources, tool: str, status: ActionStatus, receipt: dict[str, object]) -> Sources:
    return sources.and_done([Outcome(Action(tool, {}, status, receipt))])


def _verdict(sentence: str, sources: Sources, lang: Lang = "en") -> str:
    return examine(sentence, sources, lang).verdict


@pytest.mark.parametrize(
    "sentence",
    [
        "I have added 2 × Halden Pace 3 to your cart [A1].",
        "Added to your cart [A1].",
        "Two Halden Pace 3 are in your cart now, $48.00 in all [A1].",
        "Your cart comes to $48.00 [A1].",
    ],
)
def test_what_was_done_may_be_told(sources: Sources, sentence: str) -> None:
    assert _verdict(sentence, _done(sources, "add_to_cart", "done", CART)) == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "I've flagged this to the team [A1].",
        "I have flagged this to the team.",
        "I've placed your order [A1].",
        "Your order has been placed [A1].",
        "Your order is confirmed [A1].",
        "I have refunded $48.00 to your card [A1].",
        "I added 3 × Halden Pace 3 to your cart [A1].",
        "Your cart comes to $49.00 [A1].",
        "Done, your order is on its way!",
        "I applied a discount to your cart [A1].",
        "Done.",
        "All set.",
        "I have added it to your cart [1].",
        "I could not add it to your cart [A1].",
    ],
)
def test_what_was_not_done_cannot_be_told(sources: Sources, sentence: str) -> None:
    verdict = _verdict(sentence, _done(sources, "add_to_cart", "done", CART))
    assert verdict in ("unsupported", "contradicted", "uncertain")
    assert verify(f"{sentence}", _done(sources, "add_to_cart", "done", CART), "en").failed


@pytest.mark.parametrize("status", ["proposed", "refused", "failed"])
@pytest.mark.parametrize(
    "sentence",
    [
        "I have cancelled order #W42 [A1].",
        "Order #W42 has been cancelled [A1].",
        "Cancelled [A1].",
        "I've refunded $48.00 [A1].",
    ],
)
def test_only_what_is_done_counts_as_done(sources: Sources, sentence: str, status: ActionStatus) -> None:
    receipt = {**ORDER, "status": "pending"}
    assert verify(sentence, _done(sources, "cancel_order", status, receipt), "en").failed


def test_a_proposal_is_told_as_one(sources: Sources) -> None:
    proposed = _done(sources, "cancel_order", "proposed", {**ORDER, "status": "pending"})
    assert _verdict("Order #W42 would be cancelled [A1].", proposed) == "supported"
    assert _verdict("The order has not been cancelled yet [A1].", proposed) == "supported"
    assert _verdict("Shall I go ahead?", proposed) == "not_a_claim"


def test_a_state_that_was_looked_up_may_be_told_and_no_other(sources: Sources) -> None:
    looked_up = _done(sources, "order_status", "done", ORDER)
    assert _verdict("Your order #W42 was delivered [A1].", looked_up) == "supported"
    assert _verdict("Your order #W42 was cancelled [A1].", looked_up) != "supported"
    assert _verdict("I have cancelled order #W42 [A1].", looked_up) != "supported"
    assert _verdict("Your order #W43 was delivered [A1].", looked_up) != "supported"


def test_what_was_done_is_not_denied(sources: Sources) -> None:
    done = _done(sources, "cancel_order", "done", {**ORDER, "status": "cancelled"})
    assert _verdict("I could not cancel order #W42 [A1].", done) == "contradicted"
    assert _verdict("I have cancelled order #W42 [A1].", done) == "supported"


def test_store_texts_may_say_what_happens_to_orders(sources: Sources) -> None:
    sentence = "I can help with orders."
    assert list(deeds(sentence, language("en").deeds)) == []
    assert _verdict("Would you like me to cancel it?", sources) == "not_a_claim"


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("장바구니에 Halden Pace 3 2개 상품을 추가했습니다 [A1].", True),
        ("주문했습니다 [A1].", False),
        ("주문을 취소했습니다 [A1].", False),
        ("담당자에게 전달했습니다.", False),
    ],
)
def test_korean_deeds(sources: Sources, sentence: str, supported: bool) -> None:
    verdict = _verdict(sentence, _done(sources, "add_to_cart", "done", CART), "ko")
    assert (verdict == "supported") is supported
