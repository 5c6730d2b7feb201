from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def answered(open_page, ask):
    page = open_page()
    ask(page)
    page.get_by_role("button", name="Good answer").wait_for()
    return page


def given(services):
    return [exchange.feedback for _, exchanges in services.assistant.past.values() for exchange in exchanges]


def test_a_thumb_and_a_word_survive_a_reload(answered, services, accessible):
    answered.get_by_role("button", name="Good answer").press("Enter")
    answered.get_by_text("Thank you.").first.wait_for()
    word = answered.get_by_role("textbox", name="A word, if you like")
    word.fill("just right")
    accessible(answered)
    word.press("Enter")
    answered.get_by_text("You said: just right").first.wait_for()

    answered.reload()

    thumb = answered.get_by_role("button", name="Good answer", pressed=True)
    thumb.wait_for()
    assert answered.locator(".feedback").get_by_text("You said: just right").is_visible()
    (kept,) = given(services)
    assert (kept.score, kept.comment) == (1, "just right")
    thumb.click()
    answered.get_by_role("button", name="Good answer", pressed=False).wait_for()
    assert given(services) == [None]


def test_changing_ones_mind(answered, services):
    answered.get_by_role("button", name="Good answer").click()
    answered.get_by_role("button", name="Good answer", pressed=True).wait_for()
    answered.get_by_role("button", name="Bad answer").click()

    answered.get_by_role("button", name="Bad answer", pressed=True).wait_for()
    assert [kept.score for kept in given(services)] == [-1]
    assert answered.get_by_role("button", name="Good answer", pressed=True).count() == 0


def test_what_was_not_heard_is_not_shown_as_given(answered):
    answered.route("**/api/feedback", lambda route: route.abort())
    answered.get_by_role("button", name="Bad answer").click()

    answered.locator(".feedback").get_by_role("alert").get_by_text("could not be reached").wait_for()
    assert answered.get_by_role("button", name="Bad answer", pressed=True).count() == 0


def test_a_notice_and_the_units_are_there_after_a_reload(open_page, ask):
    page = open_page()
    ask(page, "a slow one")
    page.get_by_text("own composer").wait_for()

    page.reload()

    page.get_by_role("note").get_by_text("could not read your saved limits").wait_for()
    page.locator("#known .facts-used").get_by_text("$500").wait_for()


def test_the_word_of_its_button_is_whole(answered):
    answered.set_viewport_size({"width": 360, "height": 740})
    answered.get_by_role("button", name="Good answer").click()

    send = answered.get_by_role("button", name="Send").bounding_box()
    assert send["height"] < 40 < send["width"]
