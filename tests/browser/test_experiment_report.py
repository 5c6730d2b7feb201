"""The report in Chromium: read on a phone and on a desk, by day and by night, by whoever reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.evaluation.experiments.record import Trial
from app.evaluation.experiments.report import write_report
from tests.support.experiments import case, experiment, trial

pytestmark = pytest.mark.browser

SCREENS = {"phone": (360, 740), "desktop": (1280, 860)}


def measured(name: str, worse: int):
    good = trial(True, citation_precision=0.95, turns=3.0).model_copy(update={"latency_ms": 40.0, "total_tokens": 90})
    bad = trial(False, "infrastructure", "gold", citation_precision=0.4, turns=4.0)
    cases = [
        case(
            f"a case whose name is rather long number {place}",
            *(bad if place < worse else good, good, trial(place >= worse, constraint=1.0)),
            group=("cart", "orders", "a group with a longer name")[place % 3],
            tags=("query", "profile")[: place % 3],
        )
        for place in range(24)
    ]
    return experiment(*cases, case("slow", Trial(passed=True, latency_ms=900.0)), name=name, model="composer")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(measured("Before", 2), measured("After", 12), path)
    return path


@pytest.fixture
def opened(browser, report):
    """Opens the file; the test fails on anything in the console and on any request but for the file itself."""
    contexts, troubles = [], []

    def open_at(screen: str, scheme: str):
        width, height = SCREENS[screen]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("request", lambda request: troubles.append(request.url) if request.url != report.as_uri() else None)
        page.goto(report.as_uri())
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", list(SCREENS))
def test_it_fits_and_can_be_read_by_all(opened, accessible, artefacts, screen: str, scheme: str) -> None:
    page = opened(screen, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen][0]
    assert page.locator("svg").count() == page.locator("figure").count() >= 5
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    accessible(page)
    page.screenshot(path=artefacts / f"experiment-{screen}-{scheme}.png", full_page=True)


def test_letters_of_plots_are_large_enough_on_a_phone(opened) -> None:
    page = opened("phone", "light")
    heights = page.locator("svg text").evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert len(heights) > 30
    assert min(heights) >= 10


def test_failures_open_by_keyboard_and_name_their_cause(opened) -> None:
    page = opened("desktop", "light")
    first = page.locator("h2:has-text('Failures') ~ details").first
    assert not first.get_by_text("Trial 1").is_visible()
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    first.get_by_text("Trial 1:").wait_for(state="visible")
    assert "gold" in first.inner_text()
