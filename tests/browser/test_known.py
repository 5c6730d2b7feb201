"""What the shop knows of a shopper: shown, corrected, asked for, and forgotten."""

from __future__ import annotations

import re

import pytest

from app.api import Sessions, create_app

pytestmark = pytest.mark.browser

BUDGET = "user_profile:budget_limit"


@pytest.fixture
def panel(open_page):
    return unfolded(open_page())


def unfolded(page):
    """The panel before any question, with all of it shown."""
    details = page.locator("#known")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    details.get_by_role("button", name="Show (").click()
    return details


def test_every_value_has_an_age_and_an_origin_before_anything_is_asked(open_page, screen):
    panel = unfolded(open_page(screen=screen))
    rows = [re.sub(r"\s+", " ", row) for row in panel.locator("dl > div").all_inner_texts()]

    assert "Budget limit $500 you set it · 2 days ago Correct" in rows
    assert "Favourite category Running from what you did · 3 hours ago" in rows
    assert panel.get_by_role("heading", level=3).first.inner_text() == "A typical shopper’s values, not yours"
    assert panel.get_by_role("switch").count() == 0


def test_a_value_is_corrected_where_it_stands(panel, services, accessible):
    panel.get_by_role("button", name="Correct “Budget limit”").click()
    field = panel.get_by_role("spinbutton", name="Budget limit")
    assert field.input_value() == "500"
    field.fill("0")
    field.press("Enter")
    panel.get_by_role("alert").get_by_text("above zero").wait_for()
    accessible(panel.page)
    field.fill("300")
    field.press("Enter")

    panel.get_by_text("$300").wait_for()
    correct = panel.get_by_role("button", name="Correct “Budget limit”")
    assert correct.evaluate("element => element === document.activeElement")
    assert services.declared == {"maya": {BUDGET: 300}}
    assert panel.page.get_by_role("status").inner_text() == "Saved. It counts from the next answer on."


def test_what_was_not_told_can_be_told_and_taken_back(panel, services):
    panel.get_by_role("button", name="Tell me: Excluded brands").click()
    field = panel.get_by_role("textbox", name="Excluded brands")
    field.fill("Tarn, Corrie")
    panel.get_by_role("button", name="Save").click()
    panel.get_by_text("Tarn, Corrie").wait_for()
    assert services.declared["maya"]["user_profile:excluded_brands"] == ["Tarn", "Corrie"]

    panel.get_by_role("button", name="Correct “Excluded brands”").click()
    panel.get_by_role("button", name="Erase", exact=True).click()

    panel.get_by_role("button", name="Tell me: Excluded brands").wait_for()
    assert services.declared["maya"]["user_profile:excluded_brands"] is None


def test_leaving_it_changes_nothing(panel, services):
    panel.get_by_role("button", name="Correct “Budget limit”").click()
    panel.get_by_role("spinbutton").press("Escape")

    panel.get_by_text("$500").wait_for()
    assert services.declared == {}


def test_forgetting_takes_two_presses_says_what_is_gone_and_starts_anew(
    open_page, ask, services, assistant, accessible
):
    page = open_page()
    ask(page)
    page.get_by_text("own composer").wait_for()
    panel = page.locator("#known")
    panel.get_by_role("button", name="Forget me").click()
    panel.get_by_role("button", name="Keep").click()
    panel.get_by_role("button", name="Forget me").click()
    accessible(page)
    assert services.forgotten == []
    panel.get_by_role("button", name="Erase it all").click()

    page.get_by_role("heading", name="What are you looking for, Maya?").wait_for()
    said = panel.locator("#known-change")
    assert said.inner_text() == (
        "Erased: facts: 7, conversations: 1. I looked again, and nothing is left. "
        "Your orders are kept, as accounting law demands."
    )
    assert said.evaluate("element => element === document.activeElement")
    assert assistant.past == {}
    page.get_by_role("heading", name="New here?").wait_for()  # a stranger again, and at once


def test_what_could_not_be_erased_is_told(open_page):
    page = open_page()
    panel = page.locator("#known")
    page.route(
        "**/api/profile*",
        lambda route: (
            route.fulfill(status=503, json={"error": "Not everything could be erased now."})
            if route.request.method == "DELETE"
            else route.continue_()
        ),
    )
    panel.get_by_role("button", name="Forget me").click()
    panel.get_by_role("button", name="Erase it all").click()

    panel.get_by_role("alert").get_by_text("Not everything could be erased").wait_for()
    assert panel.get_by_role("button", name="Erase it all").is_enabled()


def test_without_a_profile_the_panel_tells_of_the_answer(open_page, ask):
    page = open_page()
    page.route("**/api/profile*", lambda route: route.fulfill(status=503, json={"error": "no"}))
    ask(page)
    page.get_by_text("own composer").wait_for()

    assert "Favourite category" in page.locator("#known .facts-used").inner_text()


class TestStranger:
    """Somebody nothing is known about: a guest."""

    @pytest.fixture
    def address(self, serve, assistant, services, script):
        app = create_app(
            assistant, identity=Sessions("s" * 32), products_lookup=script.find_product, services=services.services()
        )
        with serve(app) as url:
            yield url

    def test_two_questions_count_at_once(self, open_page, ask, services, accessible, artefacts, screen):
        page = open_page(screen=screen)
        page.get_by_role("heading", name="New here?").wait_for()
        accessible(page)
        page.screenshot(path=artefacts / f"onboarding-{screen}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        page.get_by_role("checkbox", name="Camping").check(force=True)
        page.get_by_role("spinbutton").fill("120")
        page.get_by_role("button", name="Save").click()

        page.get_by_role("heading", name="New here?").wait_for(state="detached")
        (told,) = services.declared.values()
        assert told == {"user_profile:onboarding_categories": ["Camping"], "user_profile:onboarding_budget": 120}
        assert page.get_by_role("status").inner_text() == "Thank you. It counts from your next question on."
        assert page.locator("#question").evaluate("element => element === document.activeElement")

    def test_all_of_it_in_korean(self, open_page, accessible, artefacts):
        page = open_page("/?lang=ko", screen="phone", scheme="dark")
        page.get_by_role("heading", name="처음 오셨나요?").wait_for()
        page.get_by_role("button", name="건너뛰기").click()
        page.locator("#known summary").click()
        page.get_by_role("button", name="보기 (").click()
        page.get_by_role("button", name="“예산 한도” 알려 주기").click()
        page.get_by_role("spinbutton", name="예산 한도").fill("200")
        page.get_by_role("button", name="저장", exact=True).click()
        page.get_by_text("직접 정하신 값").wait_for()
        page.get_by_role("button", name="내 정보 지우기").click()
        accessible(page)
        page.screenshot(path=artefacts / "known-korean-phone-dark.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        page.get_by_role("button", name="모두 지우기").click()
        page.get_by_text("다시 확인했으며 남은 정보가 없습니다.").first.wait_for()

    def test_skipping_is_remembered(self, open_page, services):
        page = open_page()
        page.get_by_role("button", name="Skip").click()

        page.get_by_role("heading", name="New here?").wait_for(state="detached")
        assert services.declared == {}
        page.reload()
        page.get_by_role("button", name="Show (").wait_for()
        assert page.get_by_role("heading", name="New here?").count() == 0

    def test_it_moves_nothing_when_it_comes(self, open_page):
        page = open_page()
        held = page.get_by_role("button", name="What should I buy?").bounding_box()
        page.get_by_role("heading", name="New here?").wait_for()

        assert page.get_by_role("button", name="What should I buy?").bounding_box() == held
