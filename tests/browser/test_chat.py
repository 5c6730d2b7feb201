from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.browser

ASKED = "What should I buy?"


@pytest.fixture
def answered(open_page, ask, screen):
    page = open_page(screen=screen)
    ask(page)
    page.get_by_text("own composer").wait_for()
    return page


def test_sentences_appear_as_they_are_released(open_page, ask, assistant):
    page = open_page()
    ask(page, "wait for me")

    page.get_by_text("Running is where you shop most").wait_for()
    page.get_by_role("button", name="Stop").wait_for()
    assert "pack of three" not in page.locator(".answer").inner_text()
    assistant.released.set()
    page.get_by_text("pack of three").wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()


def test_stop_ends_the_turn_on_the_server_too(open_page, ask, assistant):
    page = open_page()
    ask(page, "wait for me")
    page.get_by_text("Running is where you shop most").wait_for()

    page.get_by_role("button", name="Stop").click()

    page.get_by_text("Stopped.").wait_for()
    assert assistant.stopped.wait(timeout=10)


def test_cards_carry_what_a_shopper_needs(answered):
    cards = answered.locator(".card")

    assert cards.count() == 4
    first, last = cards.nth(0).inner_text(), cards.nth(3).inner_text()
    assert all(piece in first for piece in ("Tarn Cushioned", "$24.00", "★ 4.7", "In stock", "Goes with the running"))
    assert "popular" not in first.lower()  # a card has room for one reason
    assert all(piece in last for piece in ("Price to be confirmed", "Out of stock"))
    assert cards.nth(0).locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert cards.nth(2).locator("img").count() == 0  # its picture does not exist


def test_a_card_opens_the_product(answered):
    answered.get_by_role("link", name="Halden Pace 3").click()

    product = answered.get_by_role("article", name="Halden Pace 3")
    product.wait_for()
    shown = product.inner_text()
    assert all(piece in shown for piece in ("62 g", "Why you see it", "Rated 4.5 stars", "Popular with other shoppers"))
    answered.go_back()
    answered.get_by_text("own composer").wait_for()
    assert product.is_hidden()


def test_a_citation_opens_by_keyboard_and_gives_focus_back(answered):
    marker = answered.locator(".answer").get_by_role("button", name="Source 2: No blisters after 42 km")
    marker.focus()
    answered.keyboard.press("Enter")

    panel = answered.locator("#source")
    panel.wait_for()
    assert panel.locator("mark").inner_text().startswith("The padded heel is why I finished")
    assert "Customer review" in panel.inner_text()
    answered.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert marker.evaluate("element => element === document.activeElement")


def test_a_personal_citation_shows_feature_value_and_age(answered):
    answered.locator(".answer").get_by_role("button", name="Source F1").click()

    answered.locator("#source .value").wait_for()
    shown = answered.locator("#source").inner_text()
    assert all(piece in shown for piece in ("Favourite category", "Running", "3 hours ago"))


def test_only_trusted_kinds_of_link_are_offered(answered):
    answered.locator(".answer").get_by_role("button", name="Source 1:").click()
    assert answered.locator("#source a").get_attribute("href") == "/products/RUN-0101?run=run-1#cite-1"
    answered.keyboard.press("Escape")

    answered.locator(".answer").get_by_role("button", name="Source 4:").click()
    answered.locator("#source mark").wait_for()
    assert answered.locator("#source a").count() == 0  # its address was javascript:


def test_text_is_never_parsed_as_html(open_page, ask, script):
    page = open_page()
    ask(page, "something hostile")
    page.get_by_text("own composer").wait_for()

    assert script.HOSTILE in page.locator(".answer").inner_text()
    assert page.locator(".answer img, .answer script").count() == 0
    assert page.title() == "Shelfwise"


def known(page):
    details = page.locator("#known")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details


def test_what_decided_the_answer_comes_first(answered):
    details = known(answered)

    assert details.get_by_role("heading", level=3).all_inner_texts()[0] == "Used for this answer"
    used = details.locator(".facts-used").inner_text()
    assert re.search(r"Favourite category\s+Running\s+from what you did · 3 hours ago", used)
    assert "Average order" not in used
    assert "Excluded brands" not in details.inner_text()  # nothing is known of them


def test_a_borrowed_value_is_not_passed_off_as_the_shoppers_own(answered):
    borrowed = known(answered).locator(".facts-default")

    assert "A typical shopper’s values, not yours" in borrowed.inner_text()
    assert re.search(r"Price sensitivity\s+0.42 of 1", borrowed.inner_text())
    assert answered.locator(".facts-used").get_by_text("Price sensitivity").count() == 0


def test_what_played_no_part_is_folded_away(answered):
    details = known(answered)
    assert "$86.40" not in details.inner_text()

    details.get_by_role("button", name="Show all (7 more)").click()

    assert "$86.40" in details.locator(".facts-unused").inner_text()
    assert "Running socks 12 min, Running shoes 4 min" in details.inner_text()
    assert "Too old to rely on, so not used" in details.locator(".facts-stale").inner_text()
    details.get_by_role("button", name="Show less").click()
    assert "$86.40" not in details.inner_text()


def test_a_product_in_the_panel_is_its_title_not_its_number(answered):
    details = known(answered)

    details.get_by_role("link", name="Fenwick Soft Flask 500 ml").click()
    answered.locator(".product").get_by_role("heading", name="Fenwick Soft Flask").wait_for()
    answered.go_back()
    details.get_by_role("button", name="Show all").click()
    assert "A product no longer in the catalogue" in details.locator(".facts-stale").inner_text()
    assert not re.search(r"RUN-\d|GONE-1", details.inner_text())


def test_chips_say_what_held_what_gave_way_and_what_could_not_apply(answered):
    chips = answered.locator(".chip")

    assert chips.all_inner_texts() == [
        "within $500: the limit you set",
        "in stock: always kept, so you can buy what you see",
        "rated 4 or better: as you asked",
        "running shoes: set aside, too few products were left",
        "unter 80 Euro: not this shop’s currency",
    ]
    assert chips.nth(3).locator("s").inner_text() == "running shoes"


def test_a_refusal_is_short_and_offers_a_way_on(open_page, ask):
    page = open_page()
    ask(page, "please refuse")

    page.get_by_text("I cannot help with that").wait_for()
    assert page.locator(".turn .card:visible, .turn .chip:visible, .turn .made:visible").count() == 0
    page.locator(".turn").get_by_role("button", name="Which socks prevent blisters?").click()
    page.get_by_text("own composer").wait_for()


def test_switching_the_shopper_starts_over_as_them(answered, ask, assistant):
    answered.get_by_role("radio", name="Jonas").check(force=True)

    answered.get_by_role("heading", name="What are you looking for, Jonas?").wait_for()
    assert answered.locator(".turn").count() == 0
    ask(answered)
    answered.get_by_text("own composer").wait_for()
    assert [(turn.user_id, turn.thread_id) for turn in assistant.turns] == [("maya", None), ("jonas", None)]


def test_a_second_question_stays_in_the_thread(answered, ask, assistant):
    ask(answered, "And socks?")

    answered.get_by_text("own composer").nth(1).wait_for()
    assert [turn.thread_id for turn in assistant.turns] == [None, "thread-1"]


def test_korean_and_back_without_losing_the_conversation(answered, ask, assistant):
    answered.get_by_role("button", name="한국어").click()

    answered.locator("html[lang=ko]").wait_for(state="attached")  # its words are fetched
    assert answered.locator(".turn").count() == 1
    answered.get_by_label("질문", exact=True).fill("양말도 있나요?")
    answered.get_by_role("button", name="질문하기").click()
    answered.get_by_text("내장 작성기").wait_for()
    assert assistant.turns[-1].lang == "ko"
    answered.reload()
    answered.get_by_text("내장 작성기").nth(1).wait_for()
    assert answered.locator(".asked .text").all_inner_texts() == [ASKED, "양말도 있나요?"]


def test_a_language_that_cannot_be_fetched_changes_nothing(answered):
    answered.route("**/strings/*", lambda route: route.abort(), times=1)

    answered.get_by_role("button", name="한국어").click()

    answered.get_by_text("could not be reached").wait_for(state="attached")
    answered.locator("html[lang=en]").wait_for(state="attached")
    answered.get_by_role("button", name="한국어").click()
    answered.get_by_label("질문", exact=True).wait_for()


def test_enter_while_composing_hangul_does_not_send(open_page, assistant):
    page = open_page("/?lang=ko")
    page.get_by_label("질문", exact=True).fill("양말")

    page.locator("#question").dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    assert page.locator(".turn").count() == 0
    page.locator("#question").press("Enter")
    page.locator(".turn").wait_for()


def test_degraded_parts_are_a_plain_line(open_page, ask):
    page = open_page()
    ask(page, "a slow one")

    note = page.get_by_role("note")
    assert note.inner_text().startswith("Your saved limits could not be read")
    assert note.bounding_box()["y"] < page.locator(".answer").bounding_box()["y"]


def test_a_broken_turn_says_so_and_can_be_tried_again(open_page, ask, assistant):
    page = open_page()
    ask(page, "please fail")

    page.get_by_text("Something went wrong on our side").wait_for()
    assert "secret" not in page.content()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Try again").wait_for()
    assert len(assistant.turns) == 2
    assert page.locator(".turn").count() == 1


@pytest.mark.parametrize(
    ("lang", "told", "again"),
    [("en", "Something went wrong on our side", "Try again"), ("ko", "저희 쪽에 문제가 생겼습니다", "다시 시도")],
)
def test_what_nobody_expected_is_told_in_the_shoppers_language(open_page, lang, told, again):
    page = open_page(f"/?lang={lang}")
    page.locator("#question").fill("please fail")
    page.keyboard.press("Enter")

    problem = page.get_by_role("alert").filter(has_text=told)
    problem.wait_for()
    assert re.search(r": [0-9a-f]{8}\.|mention [0-9a-f]{8}\.", problem.inner_text())
    assert problem.get_by_role("button").inner_text() == again


def test_an_answer_whose_server_is_gone_says_so_and_can_be_asked_again(answered, ask, assistant):
    told = [
        ("run", {"run_id": "run-9", "thread_id": "thread-1"}),
        ("features", {"features": []}),
        ("sentence", {"text": "Half of"}),
    ]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in told)
    answered.route("**/api/chat", lambda route: route.fulfill(content_type="text/event-stream", body=body), times=1)
    ask(answered, "And socks?")

    problem = answered.get_by_role("alert").filter(has_text="The answer broke off.")
    problem.wait_for()
    assert answered.locator(".turn").last.locator(".answer").inner_text() == "Half of"
    assert answered.get_by_role("button", name="Ask", exact=True).is_visible()
    used = known(answered).locator(".facts-used dt")  # still of the answer that is whole
    assert "Favourite category" in used.all_inner_texts()
    problem.get_by_role("button", name="Try again").press("Enter")
    answered.get_by_text("own composer").nth(1).wait_for()
    assert [turn.message for turn in assistant.turns] == [ASKED, "And socks?"]


def test_a_line_nothing_comes_from_any_more_counts_as_broken(open_page, ask):
    page = open_page()
    page.clock.install()
    ask(page, "wait for me")
    page.get_by_text("Running is where you shop most").wait_for()
    page.clock.fast_forward(30_000)
    assert page.get_by_role("button", name="Stop").is_visible()
    page.clock.fast_forward(60_000)

    page.get_by_text("The answer broke off.").wait_for()
    page.get_by_role("button", name="Try again").wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()


def test_what_went_wrong_is_seen_beside_the_field(open_page, ask):
    page = open_page(screen="phone")
    ask(page, "please fail")
    retry = page.get_by_role("button", name="Try again")
    retry.wait_for()

    box = retry.bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert page.evaluate("at => document.elementFromPoint(...at)?.textContent", middle) == "Try again"


def test_the_panel_does_not_judge_an_answer_that_is_not_there_yet(open_page, ask):
    page = open_page()
    ask(page, "wait for me")
    page.get_by_text("Running is where you shop most").wait_for()
    page.locator("#known-list .quiet").first.wait_for()

    assert "Nothing about you was needed" not in page.locator("#known").inner_text()


def test_a_page_that_is_offline_says_so_until_it_is_not(open_page):
    page = open_page()
    page.context.set_offline(True)
    told = page.get_by_role("alert").get_by_text("could not be reached")
    told.wait_for()

    page.context.set_offline(False)
    told.wait_for(state="hidden")


def test_a_shop_that_cannot_be_reached_says_so(open_page, ask):
    page = open_page()
    page.route("**/api/chat", lambda route: route.fulfill(status=503, json={"error": "The shop is closed."}))
    ask(page)

    page.get_by_text("The shop is closed.").wait_for()


@pytest.mark.parametrize(
    ("code", "told"),
    [("records_unavailable", "지금은 상점의 기록을 불러올 수 없습니다."), ("of_another_day", "The shop is closed.")],
)
def test_a_refusal_is_told_in_the_language_of_the_page(open_page, code, told):
    page = open_page("/?lang=ko")
    page.route(
        "**/api/chat", lambda route: route.fulfill(status=503, json={"error": "The shop is closed.", "code": code})
    )
    page.locator("#question").fill("겨울 코트")
    page.locator("#question").press("Enter")

    page.get_by_text(told).wait_for()


def test_the_answer_is_announced(answered):
    assert answered.locator(".answer").get_attribute("aria-live") == "polite"
    assert answered.get_by_role("status").inner_text() == "Answer complete."


def test_everything_is_reached_by_keyboard(open_page, screen):
    page = open_page(screen=screen)
    reached = set()
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))

    assert {"Skip to the question", "English", "한국어", ASKED, "question", "send"} <= reached


def test_a_products_address_opens_it(open_page):
    page = open_page("/products/RUN-0102")

    page.get_by_role("article", name="Halden Pace 3").wait_for()
    page.get_by_role("button", name="Back to the conversation").click()
    page.get_by_role("heading", name="What are you looking for, Maya?").wait_for()


def test_what_is_asked_by_a_button_has_the_focus_and_what_is_typed_leaves_it(open_page, ask):
    page = open_page()
    page.locator("#suggestions button").first.press("Enter")
    page.get_by_text("own composer").wait_for()
    assert page.locator(".turn .asked").evaluate("element => element === document.activeElement")

    ask(page)
    page.get_by_text("own composer").nth(1).wait_for()
    assert page.locator("#question").evaluate("element => element === document.activeElement")


def test_a_question_whose_answer_a_reload_cut_short_is_in_the_field_again(open_page, ask):
    page = open_page()
    ask(page, "wait for me")
    page.get_by_text("Running is where you shop most").wait_for()

    page.reload()

    page.wait_for_function("() => document.querySelector('#question').value === 'wait for me'")
    ask(page)
    page.get_by_text("own composer").wait_for()
    page.reload()
    page.get_by_text("own composer").wait_for()
    assert page.locator("#question").input_value() == ""


def test_a_very_long_question_leaves_room_for_its_answer(open_page, ask, accessible, screen):
    page = open_page(screen=screen)
    ask(page, "boots" * 300)
    page.get_by_text("own composer").wait_for()

    asked = page.locator(".asked")
    assert asked.bounding_box()["height"] < 160
    asked.press("End")
    page.wait_for_function("() => document.querySelector('.asked').scrollTop > 0")
    accessible(page)


def test_a_page_enlarged_until_little_fits_can_be_read(open_page, ask):
    page = open_page()
    page.set_viewport_size({"width": 320, "height": 215})
    ask(page)
    page.get_by_text("own composer").wait_for()

    page.locator(".answer").evaluate("element => element.scrollIntoView()")
    top = page.locator(".answer").bounding_box()["y"]
    at = "top => document.elementsFromPoint(160, top + 5).some((e) => e.closest('.bar, .ask'))"
    assert 0 <= top < 30
    assert not page.evaluate(at, top)
    assert not page.evaluate(at, 205)


def test_what_a_lost_connection_leaves_unopened_is_told_and_opens_later(open_page, ask):
    page = open_page()
    ask(page)
    page.get_by_text("own composer").wait_for()
    page.context.set_offline(True)
    card = page.locator(".card a").first

    card.click()

    told = page.get_by_role("alert").get_by_text("could not be reached")
    told.wait_for()
    assert card.is_visible()  # the conversation is where it was
    page.locator("#open-basket").click()
    assert told.is_visible()
    page.context.set_offline(False)
    card.click()
    page.locator("#product-title").wait_for()
    assert told.is_hidden()
