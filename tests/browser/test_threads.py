from __future__ import annotations

import re

import pytest

from app.api import Sessions, create_app

pytestmark = pytest.mark.browser


@pytest.fixture
def answered(open_page, ask, screen):
    page = open_page(screen=screen)
    ask(page)
    page.get_by_text("own composer").wait_for()
    return page


@pytest.fixture
def listed(answered):
    """The sheet of conversations: this one and an earlier one."""
    answered.locator("#open-threads").click()
    sheet = answered.get_by_role("dialog", name="Conversations")
    sheet.get_by_role("button", name="New conversation").click()
    answered.get_by_label("Your question").fill("please refuse")
    answered.keyboard.press("Enter")
    answered.get_by_text("I cannot help with that").wait_for()
    answered.locator("#open-threads").click()
    sheet.locator(".thread").nth(1).wait_for()
    return sheet


def test_a_conversation_survives_a_reload(answered, ask, assistant, accessible):
    said = answered.locator(".answer").inner_text()

    answered.reload()
    answered.locator(".card").nth(3).wait_for()

    assert answered.locator(".answer").inner_text() == said
    assert answered.locator("#welcome").is_hidden()
    assert [answered.locator(".card").count(), answered.locator(".chip").count()] == [4, 5]
    accessible(answered)
    ask(answered, "And socks?")
    answered.get_by_text("own composer").nth(1).wait_for()
    assert [turn.thread_id for turn in assistant.turns] == [None, "thread-1"]


def test_citations_survive_a_reload(answered):
    answered.reload()
    answered.locator(".card").nth(3).wait_for()
    panel = answered.locator("#source")

    answered.locator(".answer").get_by_role("button", name="Source 2: No blisters after 42 km").click()
    assert panel.locator("mark").inner_text().startswith("The padded heel")
    answered.keyboard.press("Escape")
    answered.locator(".answer").get_by_role("button", name="Source F1: Favourite category").click()
    panel.locator(".value", has_text="Running").wait_for()
    assert re.search(r"Favourite category\s+Running", panel.inner_text())
    assert re.search(r"Updated .*(hours|day|days) ago", panel.inner_text())


def test_the_shopper_is_the_same_after_a_reload(open_page, ask):
    page = open_page()
    page.get_by_role("radio", name="Jonas").check(force=True)
    ask(page)
    page.get_by_text("own composer").wait_for()

    page.reload()

    page.locator(".card").nth(3).wait_for()
    assert page.get_by_role("radio", name="Jonas").is_checked()


def test_what_was_proposed_can_be_confirmed_after_a_reload(open_page, ask, counter, screen):
    page = open_page(screen=screen)
    ask(page, "add_to_cart item_id=RUN-0101")
    page.locator(".deed.done").wait_for()
    ask(page, "place_order")
    page.locator(".proposal").wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()

    page.reload()
    page.get_by_role("button", name="Confirm").click()

    page.get_by_text("Confirmed and done.").wait_for()
    assert len(counter.orders("maya")) == 1
    page.reload()
    page.get_by_text("Confirmed and done.").wait_for()
    assert page.get_by_role("button", name="Confirm").count() == 0
    assert page.locator(".deed.done").count() == 2


def test_a_new_conversation_knows_nothing_of_the_last(listed, assistant, answered):
    assert [turn.thread_id for turn in assistant.turns] == [None, None]
    assert answered.locator(".turn").count() == 1
    assert listed.locator("[aria-current] .what").inner_text() == "please refuse"


def test_an_earlier_conversation_is_opened_again(listed, answered, accessible):
    accessible(answered)
    listed.get_by_role("button", name=re.compile("What should I buy")).first.click()

    answered.locator(".card").nth(3).wait_for()
    assert listed.is_hidden()
    assert answered.locator(".asked .text").all_inner_texts() == ["What should I buy?"]


def test_deleting_asks_first_and_then_forgets(listed, answered, assistant):
    first = listed.get_by_role("listitem").first
    first.get_by_role("button", name="Delete “please refuse”").click()
    first.get_by_role("button", name="Keep").click()
    assert assistant.forgotten == []

    first.get_by_role("button", name="Delete “please refuse”").click()
    first.get_by_role("button", name="Delete for good").click()

    answered.get_by_role("heading", name="What are you looking for").wait_for(state="attached")
    listed.get_by_text("please refuse").wait_for(state="detached")
    assert assistant.forgotten == ["thread-2"]
    assert answered.locator(".turn").count() == 0  # it was the one that was open
    answered.reload()
    answered.get_by_role("heading", name="What are you looking for, Maya?").wait_for()


def test_nobody_sees_the_conversations_of_another(listed, answered, ask):
    listed.get_by_role("button", name="Close").click()
    answered.get_by_role("radio", name="Jonas").check(force=True)
    assert answered.locator(".turn").count() == 0

    answered.locator("#open-threads").click()

    listed.get_by_text("Nothing here yet.").wait_for()
    answered.reload()
    answered.get_by_role("heading", name="What are you looking for, Jonas?").wait_for()


def test_a_conversation_forgotten_elsewhere_begins_anew(answered, assistant):
    assistant.past.clear()

    answered.reload()

    answered.get_by_role("heading", name="What are you looking for, Maya?").wait_for()
    assert answered.evaluate("JSON.parse(sessionStorage.shelfwise).thread") is None


def test_a_shop_that_cannot_be_read_can_be_asked_again(answered):
    answered.route("**/api/threads/*", lambda route: route.abort(), times=1)
    answered.reload()

    answered.get_by_role("alert").get_by_text("could not be reached").wait_for()
    answered.get_by_role("button", name="Try again").click()

    answered.locator(".card").nth(3).wait_for()


def test_stopping_tells_the_server(open_page, ask, assistant):
    page = open_page()
    ask(page, "wait for me")
    page.get_by_text("Running is where you shop most").wait_for()

    with page.expect_response("**/api/runs/run-1"):
        page.get_by_role("button", name="Stop").click()

    assert assistant.stops == ["run-1"]


def test_what_to_ask_next_comes_from_what_was_shown(answered, assistant):
    offered = answered.locator(".turn .suggestions button")
    assert offered.all_inner_texts() == [
        "Anything cheaper?",
        "Compare the first two",
        "Add the first to the cart",
    ]
    offered.nth(1).click()

    answered.get_by_text("own composer").nth(1).wait_for()
    assert assistant.turns[-1].message == "Compare the first two"
    assert offered.nth(0).is_hidden()  # "the first" would be another one by now


def test_after_the_cart_comes_checking_out(open_page, ask):
    page = open_page()
    ask(page, "add_to_cart item_id=RUN-0101")
    offered = page.locator(".turn:last-child .suggestions button")
    offered.first.wait_for()
    assert offered.all_inner_texts() == ["Check out", "What is in my cart?"]
    ask(page, "place_order")
    page.locator(".proposal").wait_for()
    assert offered.count() == 0
    page.get_by_role("button", name="Confirm").click()
    offered.filter(has_text="Where is order").wait_for()


def test_a_reason_the_shop_asks_for_is_offered(open_page, ask, counter, assistant):
    page = open_page()
    for text in ("add_to_cart item_id=RUN-0101", "place_order"):
        ask(page, text)
        page.get_by_role("button", name="Ask", exact=True).wait_for()
        page.locator(".deed, .proposal").last.wait_for()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Confirmed and done.").wait_for()
    (order_id,) = counter.orders("maya")

    ask(page, f"cancel_order order_id={order_id} reason=bored")

    page.locator(".turn:last-child").get_by_role("button", name=f"Cancel order {order_id}, no longer needed").click()
    page.locator(".turn").nth(4).locator(".made").wait_for()
    assert assistant.turns[-1].message == f"Cancel order {order_id}, no longer needed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_it_looks(listed, answered, artefacts, screen, scheme):
    answered.emulate_media(color_scheme=scheme)
    listed.get_by_role("button", name=re.compile("Delete")).first.click()
    answered.screenshot(path=artefacts / f"threads-{screen}-{scheme}.png")
    assert answered.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


class TestGuest:
    """Where nobody chooses who to be, the session's cookie says it."""

    @pytest.fixture
    def address(self, serve, assistant, script):
        app = create_app(assistant, identity=Sessions("s" * 32), products_lookup=script.find_product)
        with serve(app) as url:
            yield url

    def test_a_guest_has_a_cart_and_a_conversation_of_their_own(self, open_page, ask, assistant, counter):
        page = open_page()
        ask(page, "add_to_cart item_id=RUN-0101")
        page.locator("#cart-count", has_text="1").wait_for()
        ask(page, "place_order")
        page.locator(".proposal").wait_for()

        page.reload()
        page.get_by_role("button", name="Confirm").click()

        page.get_by_text("Confirmed and done.").wait_for()
        (guest,) = {turn.user_id for turn in assistant.turns}
        assert guest.startswith("guest-")
        assert len(counter.orders(guest)) == 1
