"""A product's page, and what the shop hears of it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import insert

from tools.shop import tables

pytestmark = pytest.mark.browser

SOCKS = "Tarn Cushioned Crew Running Socks, 3 pairs"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def answered(open_page, ask):
    page = open_page()
    ask(page)
    page.get_by_text("own composer").wait_for()
    return page


@pytest.fixture
def shown(answered):
    return opened(answered)


def opened(page):
    """The page of the socks, opened from their card."""
    page.get_by_role("link", name="Tarn Cushioned").click()
    page.get_by_role("heading", name=SOCKS, level=2).wait_for()
    return page


@pytest.mark.parametrize(("screen", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_it_tells_everything_and_marks_what_was_quoted(open_page, ask, accessible, artefacts, screen, scheme):
    page = open_page(screen=screen, scheme=scheme)
    ask(page)
    shown = opened(page)
    product = shown.locator(".product")

    assert re.search(r"/products/RUN-0101\?run=run-1$", shown.url)
    assert shown.title() == f"{SOCKS} · Shelfwise"
    told = product.inner_text()
    assert all(piece in told for piece in ("$24.00", "128 ratings", "In stock", "merino wool", "Goes with the running"))
    assert [mark.inner_text() for mark in product.locator(".passages mark").all()] == [
        SOCKS,
        "The padded heel is why I finished my marathon without a single blister.",
    ]
    review = product.get_by_role("article").first
    assert (
        review.locator("mark").inner_text() == "The padded heel is why I finished my marathon without a single blister."
    )
    assert "A little <b>warm</b> in July." in product.inner_text()
    accessible(shown)
    assert shown.evaluate(OVERFLOW) == 0
    shown.screenshot(path=artefacts / f"product-page-{screen}-{scheme}.png", full_page=True)


def test_back_leads_to_the_conversation_as_it_was(answered):
    link = answered.get_by_role("link", name="Fenwick Soft Flask 500 ml", exact=False).first
    answered.evaluate("scrollTo(0, 120)")
    before = answered.evaluate("scrollY")
    link.evaluate("element => element.focus({preventScroll: true})")
    answered.keyboard.press("Enter")
    answered.get_by_role("heading", name="Fenwick Soft Flask", level=2).wait_for()
    assert answered.locator("#conversation").is_hidden()

    answered.get_by_role("button", name="Back to the conversation").press("Enter")

    answered.get_by_text("own composer").wait_for()
    assert answered.url.endswith("/")
    answered.wait_for_function("before => scrollY === before", arg=before)
    assert link.evaluate("element => element === document.activeElement")
    answered.go_forward()
    answered.get_by_role("heading", name="Fenwick Soft Flask", level=2).wait_for()


def test_its_address_works_on_reload_with_the_conversation_behind_it(shown):
    shown.reload()

    shown.locator(".passages mark").first.wait_for()
    shown.go_back()
    shown.get_by_text("own composer").wait_for()
    assert shown.locator(".turn").count() == 1


def test_a_citation_opens_the_page_at_the_quotation(answered):
    answered.locator(".answer").get_by_role("button", name="Source 1:").click()
    answered.locator("#source a").click()

    answered.locator("#cite-1 mark").wait_for()
    assert answered.locator("#source").is_hidden()
    assert answered.url.endswith("/products/RUN-0101?run=run-1#cite-1")
    box = answered.locator("#cite-1").bounding_box()
    assert 0 < box["y"] < answered.viewport_size["height"]


@pytest.mark.parametrize(
    ("lang", "told", "back"),
    [
        ("en", "This product is not in the catalogue.", "Back to the conversation"),
        ("ko", "카탈로그에 없는 상품입니다.", "대화로 돌아가기"),
    ],
)
def test_asking_for_what_does_not_exist_says_so(open_page, lang, told, back):
    page = open_page(f"/products/GONE-1?lang={lang}")

    page.get_by_role("heading", name=told).wait_for()
    page.get_by_role("button", name=back).click()
    page.locator("#greeting").wait_for()


def test_on_a_phone_a_products_page_begins_with_the_product(open_page):
    page = open_page("/products/RUN-0101", screen="phone")
    page.locator("#product-title").wait_for()

    assert page.locator(".shoppers").is_hidden()
    assert page.locator(".product .picture").bounding_box()["y"] < 160
    page.get_by_role("button", name="Back to the conversation").click()
    page.locator(".shoppers").wait_for()


def test_an_address_that_cannot_be_read_names_no_product(open_page):
    page = open_page("/products/%E0%A4%A")

    page.locator("#product-title", has_text="not in the catalogue").wait_for()
    page.get_by_role("button", name="Back to the conversation").click()
    page.locator("#question").wait_for()


def test_a_language_is_switched_on_the_page_itself(shown):
    shown.get_by_role("button", name="한국어").click()

    shown.get_by_role("heading", name="고객 리뷰").wait_for()
    assert "lang=ko" in shown.url
    assert "run=run-1" in shown.url


def test_opening_and_leaving_are_told_to_the_shop(open_page, ask, services):
    page = open_page()
    ask(page)
    page.get_by_text("own composer").wait_for()
    with page.expect_response("**/api/events") as told:
        page.get_by_role("link", name="Halden Pace").click()
    assert told.value.status == 202
    with page.expect_response("**/api/events"):
        page.go_back()

    click, view = services.events.values()
    assert (click.kind, click.product_id, click.run_id, click.position) == ("click", "RUN-0102", "run-1", 1)
    assert (view.kind, view.product_id, view.run_id, view.user_id) == ("view", "RUN-0102", "run-1", "maya")
    assert view.dwell_s >= 0


def test_a_page_that_is_closed_still_tells_how_long_it_was_looked_at(open_page, services):
    page = open_page("/products/RUN-0102")
    page.get_by_role("heading", name="Halden Pace", level=2).wait_for()
    assert services.events == {}

    page.goto("about:blank")

    assert services.heard.wait(timeout=10)
    (view,) = services.events.values()
    assert view.kind == "view"


@pytest.fixture
def variants(counter):
    """Two colours of the socks, one of them in two sizes."""
    made = [("S-GREY-M", "grey", "M", True), ("S-GREY-L", "grey", "L", True), ("S-RED-L", "red", "L", False)]
    rows = [
        {
            "item_id": item,
            "product_id": "RUN-0101",
            "title": SOCKS,
            "options": {"Colour": colour, "Size": size},
            "price": price,
            "currency": "USD",
            "available": available,
            "stock": None,
        }
        for (item, colour, size, available), price in zip(made, (Decimal(24), Decimal(26), Decimal(25)), strict=True)
    ]
    with counter.store.database.writing("shelf") as connection:
        connection.execute(tables.variants.delete().where(tables.variants.c.product_id == "RUN-0101"))
        connection.execute(insert(tables.variants), rows)


def test_a_variant_is_chosen_and_put_in_the_cart(variants, open_page, assistant, accessible, screen):
    page = open_page("/products/RUN-0101", screen=screen)
    product = page.locator(".product")
    product.get_by_role("radio", name="grey").wait_for()
    assert product.get_by_role("radio", name="L", exact=True).is_checked()

    product.get_by_role("radio", name="M", exact=True).check(force=True)

    assert product.locator(".price").inner_text() == "$24.00"
    product.get_by_role("button", name="Add to cart").click()
    page.locator("#cart-count", has_text="1").wait_for()
    product.get_by_role("radio", name="red").check(force=True)
    product.get_by_text("Out of stock", exact=True).wait_for()
    assert product.get_by_role("button", name="Add to cart").count() == 0
    accessible(page)
    bought = [call.arguments["item_id"] for call, _, _ in assistant.used if call.tool == "add_to_cart"]
    assert bought == ["S-GREY-M"]
