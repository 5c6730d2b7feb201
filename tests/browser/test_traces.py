"""The pages of traces in a real browser: found, read, compared, scored, and taken along as a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

import pytest

from app.settings import Settings
from app.traces.opening import open_traces
from app.traces.run import RunUpload
from app.tracing import alone

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC).replace(microsecond=0)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FIRST, SECOND, BROKEN = (UUID(int=number) for number in (101, 102, 103))
BUDGET = "user_profile:budget_limit"


def _card(title: str, price: float, *why: str) -> dict:
    return {"title": title, "price": price, "currency": "USD", "rating": 4.6, "why": list(why)}


def _limit(value: float) -> dict:
    return {"field": "price", "op": "lte", "value": value, "origin": "declared", "reason": "the limit you set"}


def _turn(trace: UUID, began: datetime, answer: str, budget: float, cards: list[dict]) -> list[RunUpload]:
    """A turn and its nodes, one after the other."""
    claims = [{"text": each, "verdict": "supported", "citations": ["1"], "checks": []} for each in answer.split("\n")]
    evidence = [{"id": card["title"], "type": "product", "title": card["title"], "score": 1.5} for card in cards]
    feature = {"name": BUDGET, "value": budget, "status": "online", "age_s": 7_200}
    bought = {"name": "user_purchases:purchased_products", "value": {"RUN-1": budget / 50}, "status": "online"}
    sizes = {"name": "user_profile:sizes", "value": None, "status": "missing"}
    nodes = {
        "receive": {"question": "running shoes for wet trails"},
        "fetch_features": {"features": [feature, bought, sizes], "readable": True},
        "retrieve": {"candidates": 40},
        "build_prompt": {"plan": {"honoured": [_limit(budget)]}, "evidence": evidence, "used_features": [BUDGET]},
        "generate": {"model": "composer", "released": answer},
        "verify_citations": {"claims": claims},
        "guardrail": {"guard": {"action": "allow"}},
    }
    root = RunUpload(
        id=trace,
        name="turn",
        start_time=began,
        end_time=began + timedelta(milliseconds=70),
        session_name="shelfwise",
        inputs={"message": "running shoes for wet trails", "user_id": "maya", "lang": "en"},
        outputs={"answer": answer, "products": cards, "guard": {"action": "allow", "reasons": []}},
        extra={"metadata": {"model": "composer", "prompt_sha256": trace.hex, "thread_id": "one"}},
        tags=["tool:add_to_cart"] if trace == SECOND else [],
    )
    below = [
        RunUpload(
            id=uuid5(trace, name),
            trace_id=trace,
            parent_run_id=trace,
            name=name,
            run_type="retriever" if name == "retrieve" else "chain",
            start_time=began + timedelta(milliseconds=10 * place),
            end_time=began + timedelta(milliseconds=10 * place + 9),
            session_name="shelfwise",
            outputs=outputs,
            extra={"metadata": {"node": name}},
        )
        for place, (name, outputs) in enumerate(nodes.items())
    ]
    return [root, *below]


@pytest.fixture
def store(tmp_path):
    tempo, tarn = _card("Arbor Tempo 2 trail running shoe", 129.0, "within your $150 budget"), _card("Tarn shoe", 89.0)
    with open_traces(tmp_path / "traces.db", lambda: NOW) as opened:
        first = _turn(
            FIRST, NOW - timedelta(hours=2), "Your budget is $150.\nArbor Tempo 2 is $129.", 150.0, [tempo, tarn]
        )
        second = _turn(SECOND, NOW - timedelta(hours=1), "Your budget is $100.\nTarn is $89.", 100.0, [tarn])
        broken = RunUpload(
            id=BROKEN, name="turn", start_time=NOW, end_time=NOW, error="ValueError: no", session_name="other"
        )
        opened.ingest([("post", run) for run in (*first, *second, broken)])
        yield opened


@pytest.fixture
def address(store, serve, tmp_path):
    with serve(alone(store, Settings(data=tmp_path, operator_token=None))) as url:
        yield url


def _rows(page):
    return page.locator("table.list tbody tr")


def test_traces_are_found_by_words_filters_and_how_they_ended(open_page):
    page = open_page("/traces/")
    assert _rows(page).count() == 3
    page.get_by_label("Words").fill("tarn is")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=tarn*")
    assert _rows(page).count() == 1
    page.get_by_label("Words").fill("")
    page.get_by_label("Filter").fill('has(tags, "tool:add_to_cart")')
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**add_to_cart*")
    assert _rows(page).count() == 1
    page.get_by_label("Filter").fill("has(")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Filter").fill("")
    page.get_by_label("failed only").check()
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**failed=true*")
    assert _rows(page).count() == 1
    page.get_by_label("failed only").uncheck()
    page.get_by_label("Project").select_option("shelfwise")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**project=shelfwise*")
    assert _rows(page).count() == 2


def test_a_turn_stands_beside_what_was_known_above_its_waterfall(open_page):
    page = open_page(f"/traces/{FIRST}")
    seen, knew = (
        page.get_by_role("region", name="What the shopper saw"),
        page.get_by_role("region", name="What the graph knew"),
    )
    assert "Arbor Tempo 2 is $129." in seen.inner_text()
    assert BUDGET in knew.inner_text()
    assert seen.bounding_box()["y"] == knew.bounding_box()["y"]
    names = page.locator(".spans .name").all_inner_texts()
    assert names == [
        "turn",
        "receive",
        "fetch_features",
        "retrieve",
        "build_prompt",
        "generate",
        "verify_citations",
        "guardrail",
    ]
    assert "Not known: user_profile:sizes" in knew.inner_text()
    bars = [bar.bounding_box() for bar in page.locator(".spans rect").all()]
    assert all(before["x"] < after["x"] for before, after in pairwise(bars[1:]))
    page.locator("summary", has_text="retrieve").click()
    page.get_by_text('"candidates": 40').wait_for()


def test_the_list_says_who_asked_and_a_trace_leads_to_its_conversation(open_page):
    page = open_page("/traces/")
    assert page.get_by_role("columnheader").all_inner_texts()[:3] == ["Compare", "What was asked", "Shopper"]
    assert [row.locator("td").nth(2).inner_text() for row in _rows(page).all()] == ["", "maya", "maya"]
    _rows(page).nth(1).get_by_role("link").click()
    page.get_by_role("link", name="The whole conversation").click()
    page.wait_for_url("**filter=*")
    assert _rows(page).locator("a").all_inner_texts() == ["running shoes for wet trails"] * 2
    page.goto(page.url.partition("?")[0] + "?q=nothing+of+that+kind")
    page.get_by_role("link", name="Show all").click()
    page.wait_for_url("**/traces/")
    assert _rows(page).count() == 3


def test_a_table_of_a_trace_is_read_without_scrolling_on_a_phone(open_page):
    page = open_page(f"/traces/{FIRST}", screen="phone")
    tables = page.locator(".beside .scroll")
    assert tables.count() > 3
    assert tables.evaluate_all("all => all.filter(it => it.scrollWidth > it.clientWidth).length") == 0
    row = page.get_by_role("region", name="Products").locator("tbody tr").first
    assert "within your $150 budget" in row.inner_text()
    assert row.locator("td").evaluate_all("all => all.map(it => it.dataset.name)")[:2] == ["Product", "Price"]


def test_two_ticked_traces_show_their_difference(open_page):
    page = open_page("/traces/")
    page.get_by_role("button", name="Compare the two ticked").click()
    page.get_by_text("Tick two traces").wait_for()
    page.go_back()
    for row in (1, 2):
        _rows(page).nth(row).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare the two ticked").click()
    page.wait_for_url(f"**/{FIRST}/difference/{SECOND}")
    assert page.locator(".answer del").all_inner_texts() == ["Your budget is $150.", "Arbor Tempo 2 is $129."]
    assert page.locator(".answer ins").all_inner_texts() == ["Your budget is $100.", "Tarn is $89."]
    features = page.get_by_role("region", name="Features").first
    assert "150.0 (online, used)" in features.inner_text()
    assert "RUN-1: 3.0 (online)" in features.inner_text()
    page.get_by_role("link", name="The other way round").click()
    page.wait_for_url(f"**/{SECOND}/difference/{FIRST}")


def test_feedback_is_given_on_the_page_and_searched_for(open_page):
    page = open_page(f"/traces/{FIRST}")
    page.locator("select[name=run]").select_option(label="retrieve")
    page.get_by_label("Score").select_option("0")
    page.get_by_label("Comment").fill("Not <b>waterproof</b>")
    page.get_by_role("button", name="Add feedback").click()
    page.get_by_role("cell", name="Not <b>waterproof</b>").wait_for()
    page.get_by_role("button", name="Add feedback").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Score").select_option("1")
    page.get_by_role("button", name="Add feedback").click()
    page.wait_for_url(f"**/{FIRST}#feedback")
    page.get_by_role("link", name="All traces").click()
    page.get_by_label("Feedback").select_option("good")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**feedback=good*")
    assert _rows(page).count() == 1
    assert "correctness 1" in _rows(page).inner_text()


def test_a_saved_trace_opens_without_server_or_network(open_page, browser, tmp_path):
    page = open_page(f"/traces/{FIRST}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as one file").click()
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    context = browser.new_context(offline=True)
    alone_page, asked, troubles = context.new_page(), [], []
    alone_page.on("request", lambda request: asked.append(request.url))
    alone_page.on("console", lambda message: troubles.append(message.text))
    alone_page.goto(file.as_uri())
    assert "Arbor Tempo 2 is $129." in alone_page.get_by_role("region", name="What the shopper saw").inner_text()
    assert alone_page.locator("rect").first.evaluate("it => getComputedStyle(it).fill") != "rgb(0, 0, 0)"
    alone_page.locator("summary", has_text="retrieve").click()
    alone_page.get_by_text('"candidates": 40').wait_for()
    context.close()
    assert (asked, troubles) == ([file.as_uri()], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_can_be_used_by_anyone(open_page, accessible, artefacts, screen, scheme):
    page = open_page("/traces/", screen=screen, scheme=scheme)

    def look(name):
        page.screenshot(path=artefacts / f"traces-{name}-{screen}-{scheme}.png", full_page=True)
        assert page.evaluate(OVERFLOW) == 0, name
        accessible(page)

    look("list")
    _rows(page).nth(2).get_by_role("link").click()
    page.locator("summary", has_text="retrieve").click()
    page.get_by_label("Score").select_option("0.5")
    page.get_by_role("button", name="Add feedback").click()
    page.get_by_role("cell", name="0.5", exact=True).wait_for()
    page.locator("summary", has_text="retrieve").click()
    look("trace")
    page.goto(page.url.partition("/traces/")[0] + f"/traces/{FIRST}/difference/{SECOND}")
    look("difference")
    page.goto(page.url.partition("/traces/")[0] + f"/traces/{BROKEN}")
    look("failed")
