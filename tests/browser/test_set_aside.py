"""Conditions and facts set aside, and put back, of the latest answer."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PUT_BACK = "Apply “{}” again"


@pytest.fixture
def answered(open_page, ask, screen):
    page = open_page(screen=screen)
    ask(page)
    page.get_by_text("own composer").wait_for()
    return page


@pytest.fixture
def desk(open_page, ask):
    page = open_page()
    ask(page)
    page.get_by_text("own composer").wait_for()
    page.locator("#known .switch").first.wait_for()
    return page


def set_aside(page, what):
    page.get_by_role("button", name=f"Search without “{what}”").press("Enter")
    page.locator(".changed").wait_for()


def titles(page):
    return [title.split()[0] for title in page.locator(".cards h3").all_inner_texts()]


def test_a_stated_limit_is_set_aside_and_put_back(answered, assistant, accessible, artefacts, screen):
    assert titles(answered) == ["Tarn", "Halden", "Fenwick", "Corrie"]

    set_aside(answered, "rated 4 or better")

    assert titles(answered) == ["Halden", "Corrie", "Fenwick"]
    gone, moved = answered.locator(".changed").inner_text().split(" Moved: ")
    assert gone == "Gone: Tarn Cushioned Crew Running Socks, 3 pairs."
    assert moved == "Corrie Reflective Race Belt; Fenwick Soft Flask 500 ml."
    assert answered.locator(".turn").count() == 1
    assert "rated 4 or better: you set it aside" in answered.locator(".chip").all_inner_texts()
    put_back = answered.get_by_role("button", name=PUT_BACK.format("rated 4 or better"))
    assert put_back.evaluate("element => element === document.activeElement")
    assert answered.get_by_role("status").inner_text() == "Gone: 1. Moved: 2."
    accessible(answered)
    answered.screenshot(path=artefacts / f"set-aside-{screen}.png")
    put_back.press("Enter")
    answered.locator(".changed", has_text="New: Tarn").wait_for()
    assert [sorted(turn.changes.without) for turn in assistant.turns] == [[], ["rating gte"], []]
    assert [turn.replaces for turn in assistant.turns] == [None, "run-1", "run-2"]


def test_a_limit_that_rests_on_a_fact_goes_with_the_fact(desk, assistant):
    set_aside(desk, "within $500")

    assert "Budget limit: you set it aside" in desk.locator(".chip").all_inner_texts()
    assert desk.locator(".facts-aside dt").all_inner_texts() == ["Budget limit"]
    set_aside(desk, "rated 4 or better")
    assert assistant.turns[-1].changes.without == {"user_profile:budget_limit", "rating gte"}


def test_what_the_shop_insists_on_says_why_and_stays(desk):
    chip = desk.locator(".chip", has_text="in stock")

    assert chip.inner_text() == "in stock: always kept, so you can buy what you see"
    assert chip.get_by_role("button").count() == 0


def test_only_the_latest_answer_can_be_looked_for_again(desk, ask):
    ask(desk, "And socks?")
    desk.get_by_text("own composer").nth(1).wait_for()

    first, second = desk.locator(".turn").all()
    assert second.locator(".set-aside:visible").count() == 2
    assert first.locator(".set-aside:visible").count() == 0


def test_what_is_set_aside_is_known_after_a_reload(desk, assistant):
    set_aside(desk, "within $500")

    desk.reload()

    desk.get_by_role("button", name=PUT_BACK.format("Budget limit")).click()
    desk.locator(".changed", has_text="New: Tarn").wait_for()
    assert assistant.turns[-1].changes.without == frozenset()
    desk.reload()
    desk.get_by_text("own composer").wait_for()
    assert desk.locator(".turn").count() == 1  # each took the place of the one before


def test_a_refusal_leaves_the_answer_as_it_was(desk):
    desk.route("**/api/chat", lambda route: route.fulfill(status=409, json={"error": "That answer did something."}))

    desk.get_by_role("button", name="Search without “within $500”").click()

    desk.get_by_text("That answer did something.").wait_for()
    assert titles(desk) == ["Tarn", "Halden", "Fenwick", "Corrie"]
    assert desk.locator("#known .facts-aside").count() == 0


def test_a_switch_in_the_panel_looks_again_without_the_fact(desk, assistant, accessible):
    switch = desk.get_by_role("switch", name="Use “Favourite category” for answers")
    assert switch.get_attribute("aria-checked") == "true"

    switch.press("Space")

    desk.locator("#known-change", has_text="Gone: 1. Moved: 2.").wait_for()
    assert assistant.turns[-1].changes.without == {"user_behavior:favorite_category"}
    assert switch.get_attribute("aria-checked") == "false"
    assert switch.evaluate("element => element === document.activeElement")
    assert "Favourite category" in desk.locator(".facts-aside").inner_text()
    accessible(desk)
    switch.press("Space")
    desk.locator("#known-change", has_text="New: 1").wait_for()
    assert switch.get_attribute("aria-checked") == "true"


def test_an_action_is_not_done_again(open_page, ask):
    page = open_page()
    ask(page, "add_to_cart item_id=RUN-0101")
    page.locator(".deed.done").wait_for()
    page.get_by_role("button", name="Show all").click()

    assert page.get_by_role("switch").count() == 0


def test_the_nearest_are_marked_with_what_they_break(open_page, ask, accessible, artefacts):
    page = open_page()
    ask(page, "the nearest to it")
    page.get_by_text("own composer").wait_for()

    near = page.get_by_role("listitem").filter(has_text="Halden Pace 3").filter(has_text="Breaks")
    assert near.locator(".why").inner_text() == "Breaks: price at most $150.00"
    assert page.locator(".nearest h3").first.inner_text() == "Closest to what you asked for"
    accessible(page)
    page.screenshot(path=artefacts / "nearest.png")


def test_in_korean_too(open_page):
    page = open_page("/?lang=ko")
    page.get_by_role("button", name="무엇을 사면 좋을까요?").click()
    page.get_by_text("내장 작성기").wait_for()

    page.get_by_role("button", name="조건 없이 찾기").first.click()

    page.locator(".changed", has_text="제외: Tarn").wait_for()
    page.get_by_role("button", name="다시 적용").wait_for()
    page.get_by_role("button", name="“평점 4 이상” 조건 없이 찾기").click()
    page.get_by_role("button", name="“평점 4 이상” 조건 다시 적용").wait_for()
    assert "평점 4 이상: 잠시 제외하셨습니다" in page.locator(".chip").all_inner_texts()
    assert "aside" not in page.locator("main").inner_text()
