"""Pictures of the page for people to look at, and what can be measured of its look."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

pytestmark = pytest.mark.browser

WATCH_SHIFTS = """() => {
  window.shifts = [];
  const moved = ({ sources }) => sources.map(({ node }) => node?.className ?? String(node)).join();
  const note = (list) => window.shifts.push(...list.getEntries().filter((e) => !e.hadRecentInput).map(moved));
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
}"""
# WCAG 2.2, relative luminance and contrast ratio, of every element that shows text of its own.
CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([r, g, b]) => {
    const linear = (c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] > 200) return color;
    }
    throw new Error("no background");
  };
  const speaks = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const shown = [...document.body.querySelectorAll("*")].filter((e) => speaks(e) && e.checkVisibility());
  return shown.map((element) => {
    const pair = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))];
    return { text: element.textContent.trim(), ratio: (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) };
  });
}"""
FOCUS_IS_DRAWN = """() => {
  const drawn = (element) => parseFloat(getComputedStyle(element).outlineWidth) >= 2
    && getComputedStyle(element).outlineStyle !== "none";
  const active = document.activeElement;
  return drawn(active) || drawn(active.closest(".shopper") ?? active) || active.matches(".field textarea");
}"""
# Of what can be pressed and is no mark within a sentence: where 44 by 44 px round its middle press something else.
TOO_SMALL = """() => {
  const top = document.querySelector("dialog[open]") ?? document.body;
  const controls = [...top.querySelectorAll("button, a[href], summary, select, label:has(input)")];
  const within = (element, at) => at !== null && element.contains(at);
  const pressed = (element) => {
    element.scrollIntoView({ block: "center", inline: "center" });
    const { x, y, width, height } = element.getBoundingClientRect();
    const points = [[0, -21], [0, 21], [-21, 0], [21, 0]].map(([dx, dy]) => [x + width / 2 + dx, y + height / 2 + dy]);
    return points.every((point) => within(element, document.elementFromPoint(...point)));
  };
  const shown = controls.filter((e) => e.checkVisibility() && !e.matches(".answer .cite, .skip, .card a"));
  return shown.filter((element) => !pressed(element)).map((element) => element.outerHTML.slice(0, 120));
}"""
ACCESSIBLE_NAME = re.compile(r"- '?\w+ \"[^\"]+")
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
    page.get_by_role("article", name="Tarn Cushioned").wait_for()
    look("product")
    page.go_back()
    page.get_by_label("Your question").fill("a slow one")
    page.keyboard.press("Enter")
    page.get_by_text("saved limits").wait_for()
    look("degraded")


def test_nothing_moves_from_first_paint_to_first_sentence(open_page, screen):
    page = open_page(screen=screen)
    page.evaluate(WATCH_SHIFTS)

    page.locator("#question").fill("wait for me")
    page.keyboard.press("Enter")
    page.locator(".answer p").wait_for()

    assert page.locator(".card").count() == 4
    assert page.evaluate("window.shifts") == []


def test_places_are_kept_for_cards_and_nothing_is_below_them_to_be_moved(open_page):
    page = open_page()
    held = []
    page.route("**/api/chat", lambda route: held.append(route))
    page.locator("#question").fill("What should I buy?")
    page.keyboard.press("Enter")
    page.locator(".card.pending").first.wait_for()

    assert page.locator(".cards").bounding_box()["height"] > 250
    below = page.locator(".cards ~ *").evaluate_all("all => all.filter(e => e.checkVisibility()).map(e => e.className)")
    assert below == ["working"]
    held[0].continue_()
    page.get_by_text("own composer").wait_for()


def test_a_card_without_a_reason_leaves_no_gap(open_page):
    page = open_page()
    page.get_by_role("button", name="What should I buy?").click()
    page.get_by_text("own composer").wait_for()
    cards = page.locator(".card")
    assert cards.locator(".why").all_inner_texts()[-1] == ""
    tall = page.locator(".cards").bounding_box()["height"]

    # In a row with reasons every card ends on the same line; in a row without any the line is not there at all.
    assert len({card.locator(".does").bounding_box()["y"] for card in cards.all()}) == 1
    assert len({card.locator(".price").bounding_box()["y"] for card in cards.all()}) == 1
    page.evaluate("document.querySelectorAll('.why').forEach(why => why.textContent = '')")
    assert page.locator(".cards").bounding_box()["height"] <= tall - 30
    for card in cards.all():
        facts, does = card.locator(".facts").bounding_box(), card.locator(".does").bounding_box()
        assert does["y"] - facts["y"] - facts["height"] < 5


def test_what_a_card_offers_hides_nothing_of_its_picture(open_page, screen):
    page = open_page(screen=screen)
    page.get_by_role("button", name="What should I buy?").click()
    page.get_by_text("own composer").wait_for()

    for card in page.locator(".card").all():
        picture = card.locator(".picture").bounding_box()
        assert card.locator(".does").bounding_box()["y"] >= picture["y"] + picture["height"]


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_whatever_a_finger_presses_is_large_enough(open_page, locale):
    page = open_page(screen="phone", touch=True, locale=locale)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    assert page.evaluate(TOO_SMALL) == []
    page.locator("#suggestions button").first.tap()
    page.locator(".made").wait_for()
    page.locator(".thumb").first.wait_for()
    page.locator("#known summary").tap()
    page.locator("#known-list .quiet").first.tap()
    page.locator("#known-list .textual").first.wait_for()
    assert page.locator(".switch:visible, .chip button:visible, .add:visible, .pick:visible").count() > 10
    assert page.evaluate(TOO_SMALL) == []
    page.locator(".add").first.tap()
    page.locator("#cart-count").get_by_text("1").wait_for()
    page.locator("#open-basket").tap()
    page.locator(".stepper").wait_for()
    assert page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
def test_cards_stand_in_one_row_and_the_answer_begins_on_the_first_screen(open_page, screen):
    page = open_page(screen=screen)
    page.get_by_role("button", name="What should I buy?").click()
    page.get_by_text("own composer").wait_for()

    tops = {card.bounding_box()["y"] for card in page.locator(".card").all()}
    assert len(tops) == 1
    assert page.locator(".answer").bounding_box()["y"] < page.locator(".ask").bounding_box()["y"] - 50


def test_the_row_follows_the_keyboard(open_page):
    page = open_page(screen="phone")
    page.get_by_role("button", name="What should I buy?").click()
    page.get_by_text("own composer").wait_for()

    last = page.locator(".card a").last
    last.focus()
    box = last.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_can_be_read_has_contrast(open_page, scheme):
    page = open_page(scheme=scheme)
    page.get_by_role("button", name="What should I buy?").click()
    page.get_by_text("own composer").wait_for()
    page.get_by_role("button", name="Show all").click()

    measured = page.evaluate(CONTRASTS)
    assert len(measured) > 40
    assert [entry for entry in measured if entry["ratio"] < 4.5] == []


def test_headings_descend_one_level_at_a_time_and_controls_have_names(open_page):
    page = open_page()
    page.get_by_role("button", name="What should I buy?").click()
    page.get_by_text("own composer").wait_for()

    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].filter(h => h.checkVisibility()).map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    controls = page.locator("button:visible, a:visible, input:visible, textarea:visible").all()
    assert len(controls) > 15
    snapshots = [control.aria_snapshot() for control in controls]
    assert [snapshot for snapshot in snapshots if not ACCESSIBLE_NAME.match(snapshot)] == []


def test_focus_can_be_seen(open_page):
    page = open_page()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_DRAWN), page.evaluate("document.activeElement.outerHTML")


def test_nothing_breathes_for_those_who_asked_for_calm(open_page):
    page = open_page()  # with reduced motion
    page.locator("#question").fill("wait for me")
    page.keyboard.press("Enter")
    page.locator(".answer p").wait_for()

    assert page.evaluate("document.getAnimations().length") == 0


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
