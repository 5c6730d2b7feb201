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


def test_places_kept_for_cards_are_as_high_as_cards(open_page):
    page = open_page()
    held = []
    page.route("**/api/chat", lambda route: held.append(route))
    page.locator("#question").fill("What should I buy?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").wait_for()
    kept = page.locator(".cards").bounding_box()["height"]
    held[0].continue_()
    page.get_by_text("own composer").wait_for()

    assert page.locator(".cards").bounding_box()["height"] == kept


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
