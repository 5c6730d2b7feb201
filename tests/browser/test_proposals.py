from __future__ import annotations

from datetime import timedelta

import pytest

pytestmark = pytest.mark.browser

SOCKS = "add_to_cart item_id=RUN-0101 quantity=2"


@pytest.fixture
def proposed(open_page, ask, screen):
    """A page on which an order waits for its confirmation."""
    page = open_page(screen=screen)
    ask(page, SOCKS)
    page.locator(".deed.done").wait_for()
    ask(page, "place_order")
    page.locator(".proposal").wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    return page


def card(page):
    return page.get_by_role("group", name="For your confirmation: Place the order")


def test_a_proposal_says_what_would_happen(proposed, counter, accessible):
    shown = card(proposed).inner_text()

    assert all(piece in shown for piece in ("2 × Tarn Cushioned", "$48.00", "mock payment: no money moves"))
    assert proposed.get_by_role("status").inner_text().endswith("It waits for your confirmation.")
    assert counter.orders("maya") == []
    accessible(proposed)


def test_confirming_does_it_and_tells_it_in_a_turn_of_its_own(proposed, counter, assistant, accessible):
    card(proposed).get_by_role("button", name="Confirm").press("Enter")

    outcome = proposed.locator(".turn").last
    outcome.get_by_text("I have placed order").wait_for()
    (order_id,) = counter.orders("maya")
    assert "Yes, go ahead." in outcome.locator(".asked").inner_text()
    assert order_id in outcome.locator(".answer").inner_text()
    assert "Place the order · Done" in outcome.locator(".deed").inner_text()
    assert card(proposed).get_by_role("button").count() == 0
    assert "Confirmed and done." in card(proposed).inner_text()
    assert [turn.thread_id for turn in assistant.turns] == [None, "thread-1", "thread-1"]
    accessible(proposed)


def test_a_double_click_is_one_request_and_one_order(proposed, counter, assistant):
    card(proposed).get_by_role("button", name="Confirm").dblclick()

    proposed.get_by_text("Confirmed and done.").wait_for()
    assert len([turn for turn in assistant.turns if turn.decision]) == 1
    assert len(counter.orders("maya")) == 1


def test_not_now_leaves_everything_as_it_is(proposed, counter):
    card(proposed).get_by_role("button", name="Not now").click()

    proposed.get_by_text("Left as it is; nothing was changed.").wait_for()
    assert "Place the order · Not done" in proposed.locator(".turn").last.inner_text()
    assert counter.orders("maya") == []


def test_a_confirm_whose_answer_was_lost_is_safe_to_repeat(proposed, counter, assistant):
    lost = []

    def lose(route):
        lost.append(route.fetch())  # the server did it, and nobody heard
        route.abort()

    proposed.route("**/api/chat", lose, times=1)
    card(proposed).get_by_role("button", name="Confirm").click()
    proposed.get_by_text("could not be reached").wait_for()
    assert card(proposed).get_by_role("button", name="Confirm").is_enabled()
    proposed.get_by_role("button", name="Try again").click()

    proposed.get_by_text("Confirmed and done.").wait_for()
    first, second = [turn.decision for turn in assistant.turns if turn.decision]
    assert first == second
    assert len(lost) == len(counter.orders("maya")) == 1


def test_what_lapsed_says_so(proposed, counter, now):
    now[0] += timedelta(hours=2)

    card(proposed).get_by_role("button", name="Confirm").click()

    proposed.get_by_text("This waited too long and lapsed").wait_for()
    assert counter.orders("maya") == []


def test_what_was_settled_elsewhere_says_how(proposed, counter, assistant, browser, address):
    confirm = {"action_id": card(proposed).get_attribute("data-action"), "accept": True}
    elsewhere = browser.new_context(extra_http_headers={"X-Demo-User": "maya"})
    elsewhere.request.post(f"{address}/api/chat", data={"confirm": confirm, "thread_id": "thread-1"})
    elsewhere.close()

    card(proposed).get_by_role("button", name="Not now").click()

    proposed.get_by_text("Confirmed and done.").wait_for()
    assert len(counter.orders("maya")) == 1


def test_however_it_was_decided_the_card_says_so(proposed):
    action_id = card(proposed).get_attribute("data-action")
    proposed.evaluate(
        "id => document.dispatchEvent(new CustomEvent('decide', {detail: {action_id: id, accept: false}}))", action_id
    )

    proposed.get_by_text("Left as it is; nothing was changed.").wait_for()


def test_a_refund_and_where_it_goes_are_told_before(open_page, ask, counter, screen):
    page = open_page(screen=screen)
    ask(page, SOCKS)
    page.locator(".deed.done").wait_for()
    ask(page, "place_order")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Confirmed and done.").wait_for()
    (order_id,) = counter.orders("maya")
    counter.deliver("maya", order_id)

    ask(page, f"return_items order_id={order_id} item_ids=RUN-0101 payment_method_id=mock")

    shown = page.get_by_role("group", name="For your confirmation: Return items").inner_text()
    assert "$24.00 · at once · mock payment: no money moves" in shown
    assert order_id in shown
    assert "Return requested" not in shown  # not yet


def test_a_refusal_is_a_small_line_under_the_answer(open_page, ask):
    page = open_page()
    ask(page, "place_order")

    page.get_by_text("Your cart is empty").wait_for()
    assert page.locator(".deed.refused").inner_text() == "Place the order · Not done"
    assert page.locator(".proposal").count() == 0


def test_a_receipt_is_cited_like_any_source(proposed, accessible):
    marker = proposed.locator(".turn").first.locator(".answer .cite").first
    assert marker.get_attribute("aria-label") == "Source A1: Add to cart"
    marker.click()

    panel = proposed.locator("#source")
    panel.get_by_text("2 × Tarn Cushioned").wait_for()
    shown = panel.inner_text()
    assert all(piece in shown for piece in ("Done", "Add to cart", "2 × Tarn Cushioned", "Total", "$48.00"))
    accessible(proposed)


def test_korean(open_page, artefacts, screen):
    page = open_page("/?lang=ko", screen=screen)
    for text in (SOCKS, "place_order"):
        page.get_by_label("질문", exact=True).fill(text)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="질문하기").wait_for()
    group = page.get_by_role("group", name="확인해 주세요: 주문하기")
    assert "모의 결제: 실제로 돈이 나가지 않습니다" in group.inner_text()

    group.get_by_role("button", name="확인").click()

    page.get_by_text("확인하셔서 처리했습니다.").wait_for()
    page.screenshot(path=artefacts / f"confirmed-korean-{screen}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_it_looks(open_page, ask, artefacts, screen, scheme, accessible):
    page = open_page(screen=screen, scheme=scheme)
    ask(page, SOCKS)
    page.locator(".deed.done").wait_for()
    ask(page, "place_order")
    page.locator(".proposal").wait_for()
    page.screenshot(path=artefacts / f"proposal-{screen}-{scheme}.png")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Confirmed and done.").wait_for()
    page.locator(".turn").last.locator(".deed summary").click()
    page.screenshot(path=artefacts / f"confirmed-{screen}-{scheme}.png")
