from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SOCKS, WATCH = "Tarn Cushioned Crew Running Socks, 3 pairs", "Halden Pace 3 GPS Running Watch"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
READS = ("view_cart", "list_orders", "product_options")


@pytest.fixture
def shown(open_page, ask, screen):
    """A page with product cards."""
    page = open_page(screen=screen)
    ask(page)
    page.get_by_text("own composer").wait_for()
    return page


@pytest.fixture
def basket(shown):
    """The cart's sheet, with two pairs of socks and a watch."""
    for name in (SOCKS, SOCKS, WATCH):
        add(shown, name)
    shown.locator("#cart-count", has_text="3").wait_for()
    shown.locator("#open-basket").click()
    sheet = shown.get_by_role("dialog", name="Your cart")
    sheet.get_by_role("button", name="Check out").wait_for()
    return sheet


def add(page, name):
    """A click of its own, not the second of a double click."""
    before = page.locator("#cart-count").inner_text()
    card = page.locator(".card", has_text=name).get_by_role("button")
    card.dispatch_event("click", {"detail": 1, "bubbles": True})
    page.wait_for_function("before => document.querySelector('#cart-count').innerText !== before", arg=before)


def writes(assistant):
    return [(call.tool, key) for call, _, key in assistant.used if call.tool not in READS]


def test_the_header_counts_what_the_cart_holds(shown, accessible):
    button = shown.locator("#open-basket")
    assert button.get_attribute("aria-label") == "Your cart, pieces in it: 0"

    add(shown, SOCKS)

    assert button.get_attribute("aria-label") == "Your cart, pieces in it: 1"
    assert shown.get_by_role("status").inner_text() == f"{SOCKS} is in your cart."
    shown.reload()
    shown.locator("#cart-count", has_text="1").wait_for()
    accessible(shown)


def test_a_double_click_adds_one(shown, assistant):
    shown.locator(".card", has_text=SOCKS).get_by_role("button", name="Add to cart").dblclick()

    shown.locator("#cart-count", has_text="1").wait_for()
    ((tool, key),) = writes(assistant)
    assert tool == "add_to_cart"
    assert key


def test_a_slow_double_click_adds_one_too(shown, assistant):
    button = shown.locator(".card", has_text=SOCKS).get_by_role("button", name="Add to cart")
    button.dispatch_event("click", {"detail": 1, "bubbles": True})
    shown.locator("#cart-count", has_text="1").wait_for()

    shown.locator(".card", has_text=SOCKS).get_by_role("button").dispatch_event("click", {"detail": 2, "bubbles": True})

    shown.locator("#open-basket").click()
    shown.get_by_role("dialog").get_by_role("button", name="Check out").wait_for()
    assert len(writes(assistant)) == 1


def test_an_add_whose_answer_was_lost_is_repeated_with_the_same_key(shown, assistant):
    def lose(route):
        route.fetch()
        route.abort()

    shown.route("**/api/cart?*", lose, times=1)
    button = shown.locator(".card", has_text=SOCKS).get_by_role("button")
    button.click()
    shown.locator(".card .trouble", has_text="could not be reached").wait_for()
    button.dispatch_event("click", {"detail": 1, "bubbles": True})

    shown.locator("#cart-count", has_text="1").wait_for()
    assert len({key for _, key in writes(assistant)}) == 1


def test_a_refusal_is_told_at_the_button(shown, counter, script, assistant):
    assistant.answers["add_to_cart"] = script.Used("refused", {"reason": "sold_out"}, "That is sold out.")

    card = shown.locator(".card", has_text=SOCKS)
    height = card.bounding_box()["height"]
    card.get_by_role("button").click()

    card.get_by_role("alert").wait_for()
    assert card.get_by_role("alert").inner_text() == "That is sold out."
    assert card.bounding_box()["height"] == height


def test_what_is_sold_out_is_not_offered(shown):
    assert shown.locator(".card", has_text="Corrie Reflective").get_by_role("button").count() == 0


def test_a_product_is_added_from_its_page(shown, assistant, accessible):
    shown.get_by_role("link", name=WATCH).click()
    product = shown.get_by_role("article", name=WATCH)
    product.get_by_role("button", name="Add to cart").click()

    product.get_by_role("button", name="Add one more (1 in the cart)").wait_for()
    assert [tool for tool, _ in writes(assistant)] == ["add_to_cart"]
    accessible(shown)


def test_the_sheet_shows_lines_and_the_total(basket, shown, accessible):
    shown_text = basket.inner_text()

    assert all(piece in shown_text for piece in (SOCKS, "$48.00", WATCH, "$189.00", "$237.00"))
    assert shown.evaluate(OVERFLOW) == 0
    accessible(shown)


def test_quantities_change_and_lines_go_by_keyboard(basket, shown):
    less = basket.get_by_role("button", name=f"One less of {SOCKS}")
    less.press("Enter")
    basket.get_by_text("$213.00").wait_for()
    assert less.evaluate("element => element === document.activeElement")

    basket.get_by_role("button", name=f"Remove {WATCH}").press("Enter")

    basket.get_by_role("link", name=WATCH).wait_for(state="detached")
    assert shown.locator("#cart-count").inner_text() == "1"
    assert shown.evaluate("document.activeElement.id") == "basket-title"


def test_a_cart_changed_elsewhere_is_shown_anew(basket, browser, address, shown):
    elsewhere = browser.new_context(extra_http_headers={"X-Demo-User": "maya"})
    elsewhere.request.put(f"{address}/api/cart", data={"item_id": "RUN-0102", "quantity": 0})
    elsewhere.close()

    basket.get_by_role("button", name=f"One more of {SOCKS}").click()

    basket.get_by_role("alert").get_by_text("It has changed since").wait_for()
    assert basket.get_by_role("link", name=WATCH).count() == 0
    assert shown.locator("#cart-count").inner_text() == "2"


def test_checking_out_goes_through_the_assistant(basket, shown, assistant):
    basket.get_by_role("button", name="Check out").click()

    basket.wait_for(state="hidden")
    shown.locator(".turn").nth(1).locator(".made").wait_for()
    assert assistant.turns[-1].message == "Check out"


def test_the_count_follows_what_a_turn_did(shown, ask):
    ask(shown, "add_to_cart item_id=RUN-0101 quantity=2")

    shown.locator("#cart-count", has_text="2").wait_for()


def test_what_another_window_did_is_counted_when_this_one_is_turned_to(shown, assistant):
    other = shown.context.new_page()
    other.goto(shown.url)
    add_elsewhere = "([id]) => import('/static/cart.js').then(({ addOne }) => addOne(id, 'a-key-of-its-own'))"
    other.evaluate(add_elsewhere, ["RUN-0101"])
    assert shown.locator("#cart-count").inner_text() == ""

    shown.evaluate("dispatchEvent(new Event('focus'))")

    shown.locator("#cart-count", has_text="1").wait_for()
    other.close()


def test_another_shopper_has_another_cart(basket, shown):
    basket.get_by_role("button", name="Close").click()
    shown.get_by_role("radio", name="Jonas").check(force=True)

    shown.locator("#open-basket[aria-label$=': 0']").wait_for()
    shown.locator("#open-basket").click()
    basket.get_by_text("Your cart is empty.").wait_for()
    basket.get_by_text("You have not ordered anything yet.").wait_for()


@pytest.mark.parametrize(
    ("delivered", "wish", "said"),
    [
        (False, "Where is it?", "Where is order {id}?"),
        (False, "Cancel", "Cancel order {id}"),
        (True, "Return", "Return order {id}"),
    ],
)
def test_an_order_says_where_it_stands_and_what_can_be_asked(
    open_page, ask, counter, assistant, accessible, delivered, wish, said
):
    page = open_page()
    order_id = ordered(page, ask, counter)
    if delivered:
        counter.deliver("maya", order_id)

    page.locator("#open-basket").click()
    order = page.get_by_role("dialog").get_by_role("article")
    order.wait_for()
    state = "Delivered" if delivered else "Pending"
    assert all(piece in order.inner_text() for piece in (state, SOCKS, "$24.00"))
    accessible(page)
    order.get_by_role("button", name=wish).click()

    page.locator(".turn").nth(3).locator(".made").wait_for()
    assert assistant.turns[-1].message == said.format(id=order_id)


def ordered(page, ask, counter):
    ask(page, "add_to_cart item_id=RUN-0101")
    page.locator(".deed.done").wait_for()
    ask(page, "place_order")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Confirmed and done.").wait_for()
    return counter.orders("maya")[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_it_looks(open_page, ask, counter, artefacts, screen, scheme):
    page = open_page(screen=screen, scheme=scheme)
    page.screenshot(path=artefacts / f"welcome-{screen}-{scheme}.png")
    ordered(page, ask, counter)
    ask(page)
    page.locator(".card", has_text=WATCH).wait_for()
    add(page, SOCKS)
    add(page, WATCH)
    page.screenshot(path=artefacts / f"cards-{screen}-{scheme}.png")
    page.locator("#open-basket").click()
    page.get_by_role("dialog").get_by_role("article").wait_for()
    page.screenshot(path=artefacts / f"cart-{screen}-{scheme}.png")
    assert page.evaluate(OVERFLOW) == 0
