"""Pictures of the page for people to look at, and what can be measured of its look."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_in_any_state(open_page, artefacts, screen, scheme):
    page = open_page(screen=screen, scheme=scheme)

    def look(state):
        page.screenshot(path=artefacts / f"{state}-{screen}-{scheme}.png")
        assert page.evaluate(OVERFLOW) == 0, state

    look("welcome")
    page.get_by_role("button", name="What should I buy?").click()
    page.get_by_text("own composer").wait_for()
    look("answer")
    page.locator(".answer").get_by_role("button", name="Source 2").click()
    look("citation")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Tarn Cushioned").click()
    page.get_by_role("dialog").wait_for()
    look("product")
    page.keyboard.press("Escape")
    page.get_by_label("Your question").fill("a slow one")
    page.keyboard.press("Enter")
    page.get_by_text("saved limits").wait_for()
    look("degraded")


def test_korean_fits_too(open_page, artefacts, screen):
    page = open_page(screen=screen, locale="ko-KR")

    page.get_by_role("button", name="무엇을 사면 좋을까요?").click()
    page.get_by_text("내장 작성기").wait_for()
    page.screenshot(path=artefacts / f"korean-{screen}-light.png")
    assert page.evaluate(OVERFLOW) == 0


def test_a_new_question_moves_to_the_top(open_page, screen):
    page = open_page(screen=screen)
    for turn in range(2):
        page.get_by_label("Your question").fill("What should I buy?")
        page.keyboard.press("Enter")
        page.get_by_text("own composer").nth(turn).wait_for()

    bar = page.locator(".bar").bounding_box()
    heading = page.locator(".asked").nth(1).bounding_box()
    assert bar["height"] <= heading["y"] < bar["height"] + 60
