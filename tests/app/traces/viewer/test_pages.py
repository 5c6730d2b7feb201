"""The pages: what they show, and that text is only ever text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.settings import Settings
from app.traces.run import RunUpload
from app.traces.viewer.pages import exported
from app.traces.viewer.spans import spans_of
from app.tracing import alone, mounts

START = datetime(2026, 11, 3, 12, tzinfo=UTC)
TRACE = UUID(int=7)
NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} </style>"


def _run(run_id: UUID, name: str, begins_s: float, lasts_s: float | None, **said) -> RunUpload:
    began = START + timedelta(seconds=begins_s)
    end = None if lasts_s is None else began + timedelta(seconds=lasts_s)
    return RunUpload(id=run_id, trace_id=TRACE, name=name, start_time=began, end_time=end, **said)


@pytest.fixture
def trace(store):
    outputs = {"answer": NASTY, "products": [{"title": NASTY, "price": 129.5, "currency": "USD", "why": [NASTY]}]}
    features = [{"name": "shopper:budget", "value": 300, "status": "online", "age_s": 7_200}]
    child = uuid4()
    runs = [
        _run(TRACE, "turn", 0, 4, inputs={"message": NASTY}, outputs=outputs, session_name="shop", tags=["degraded"]),
        _run(child, "fetch_features", 1, 2, parent_run_id=TRACE, outputs={"features": features}),
        _run(uuid4(), "read", 2, None, parent_run_id=child, error=NASTY),
    ]
    store.ingest([("post", run) for run in runs])
    return store.trace(TRACE)


@pytest.fixture
def client(store, tmp_path) -> TestClient:
    return TestClient(alone(store, Settings(data=tmp_path)), base_url="http://localhost")


def _is_only_text(html: str) -> bool:
    tags = set(re.findall(r"<\s*([a-zA-Z]+)", html))
    return "script" not in tags and "img" not in tags and " on" not in " ".join(re.findall(r"<[^>]*>", html))


def test_runs_stand_in_the_time_of_the_whole(trace) -> None:
    spans = [(span.stored.row["name"], span.depth, span.start, span.width) for span in spans_of(trace)]
    assert spans == [("turn", 0, 0.0, 1.0), ("fetch_features", 1, 0.25, 0.5), ("read", 2, 0.5, 0.5)]


def test_a_run_below_itself_is_no_endless_tree(store) -> None:
    store.ingest([("post", _run(TRACE, "own parent", 0, 1, parent_run_id=TRACE))])
    assert [span.depth for span in spans_of(store.trace(TRACE))] == [0]


def test_a_trace_shows_what_was_seen_beside_what_was_known(client, trace) -> None:
    page = client.get(f"/traces/{TRACE}")
    assert page.status_code == 200
    assert _is_only_text(page.text)
    assert page.text.count("&lt;script&gt;") >= 4
    for told in ("129.5", "shopper:budget", "2 h", "fetch_features", "unfinished"):
        assert told in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "style=" not in page.text


def test_the_list_is_searched_and_filtered(client, trace) -> None:
    assert f"/traces/{TRACE}" in client.get("/traces/?q=script&project=shop").text
    assert f"/traces/{TRACE}" in client.get("/traces/", params={"filter": 'has(tags, "degraded")'}).text
    assert "No trace was found" in client.get("/traces/?q=tent").text
    wrong = client.get("/traces/", params={"filter": "<script>("})
    assert (wrong.status_code, _is_only_text(wrong.text)) == (422, True)
    assert client.get(f"/traces/{uuid4()}").status_code == 404
    assert client.get("/traces/style.css").headers["content-type"].startswith("text/css")


def test_an_exported_trace_needs_nothing_else(client, trace) -> None:
    file = client.get(f"/traces/{TRACE}/export")
    assert file.text == exported(trace)
    assert "attachment" in file.headers["content-disposition"]
    assert _is_only_text(file.text)
    assert not re.findall(r"<[^>]*\b(?:src|href)=|url\(|@import", file.text)
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in file.text


def test_two_ticked_traces_are_compared_the_earlier_one_first(client, store, trace) -> None:
    said = {"inputs": {"message": "a tent"}, "outputs": {"answer": "And a tent."}}
    later = RunUpload(id=UUID(int=9), name="turn", start_time=START + timedelta(seconds=60), **said)
    store.ingest([("post", later)])
    asked = client.get("/traces/difference", params={"trace": [str(later.id), str(TRACE)]}, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, f"/traces/{TRACE}/difference/{later.id}")
    page = client.get(asked.headers["location"])
    assert page.status_code == 200
    assert _is_only_text(page.text)
    assert "<ins>And a tent.</ins>" in page.text
    assert "<del>" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/traces/difference", 422),
        (f"/traces/difference?trace={TRACE}", 422),
        (f"/traces/difference?trace={TRACE}&trace={UUID(int=8)}", 404),
        (f"/traces/{TRACE}/difference/{UUID(int=8)}", 404),
        (f"/traces/{TRACE}/difference/{UUID(int=10)}", 422),
    ],
)
def test_what_cannot_be_compared_is_told(client, store, trace, path, status) -> None:
    store.ingest([("post", RunUpload(id=UUID(int=10), name="no turn"))])
    page = client.get(path)
    assert (page.status_code, "alert" in page.text) == (status, True)


def _scored(client, **form):
    said = {"run": str(TRACE), "key": "correctness", "score": "0.5", "comment": NASTY, **form}
    return client.post(f"/traces/{TRACE}/feedback", data=said, headers={"origin": "http://localhost"})


def test_feedback_given_on_the_page_is_shown_and_searched(client, trace) -> None:
    assert f"/traces/{TRACE}" in client.get("/traces/?feedback=none").text
    page = _scored(client)
    assert (page.status_code, page.url.path) == (200, f"/traces/{TRACE}")
    for told in ("correctness", "0.5", "app", "&lt;script&gt;"):
        assert told in page.text
    assert _is_only_text(page.text)
    assert "correctness 0.5" in client.get("/traces/?feedback=good").text
    assert "No trace was found" in client.get("/traces/?feedback=bad").text
    assert "No trace was found" in client.get("/traces/?feedback=none").text
    searched = client.get("/traces/", params={"feedback": "any", "filter": 'has(tags, "degraded")'})
    assert f"/traces/{TRACE}" in searched.text
    assert "correctness" in client.get(f"/traces/{TRACE}/export").text


def test_a_thumb_down_is_a_score(client, trace) -> None:
    _scored(client, score="0", comment="")
    assert "correctness 0" in client.get("/traces/?feedback=bad").text


@pytest.mark.parametrize(
    "form",
    [
        {"run": str(UUID(int=99))},
        {"run": "none"},
        {"key": ""},
        {"score": "2"},
        {"score": "nan"},
        {"score": "", "comment": " "},
        {"comment": "x" * 40_000},
    ],
)
def test_feedback_that_cannot_be_kept_is_told_and_not_kept(client, trace, form) -> None:
    page = _scored(client, **form)
    assert (page.status_code, "alert" in page.text, _is_only_text(page.text)) == (422, True, True)
    assert "No trace was found" in client.get("/traces/?feedback=any").text


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_another_site_cannot_give_feedback(client, trace, headers) -> None:
    said = {"run": str(TRACE), "key": "correctness", "score": "1"}
    assert client.post(f"/traces/{TRACE}/feedback", data=said, headers=headers).status_code == 403
    assert "No trace was found" in client.get("/traces/?feedback=any").text


def test_another_name_for_this_machine_is_refused(client, trace) -> None:
    assert client.get(f"/traces/{TRACE}", headers={"host": "rebound.example"}).status_code == 421
    for own in ("localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST"):
        assert client.get(f"/traces/{TRACE}", headers={"host": own}).status_code == 200


@pytest.mark.parametrize("path", ["/langsmith/info", "/traces/"])
def test_a_demo_answers_to_names_of_this_machine_and_the_configured_one(store, tmp_path, path) -> None:
    app = FastAPI()
    for place, mounted in mounts(store, Settings(data=tmp_path, host="shop.example"), demo=True):
        app.mount(place, mounted)
    client = TestClient(app)
    told = {host: client.get(path, headers={"host": host}).status_code for host in _HOSTS}
    assert told == _HOSTS


_HOSTS = {
    "localhost:8080": 200,
    "shop.example": 200,
    "rebound.example": 421,
    "127.0.0.1.rebound.example": 421,
    "[": 421,
}


def test_the_operator_may_use_any_name(store, tmp_path) -> None:
    guarded = TestClient(alone(store, Settings(data=tmp_path, operator_token="t" * 16)))
    operator = {"authorization": "Bearer " + "t" * 16, "host": "traces.example"}
    assert guarded.get("/info", headers=operator).status_code == 200


def test_traces_are_for_operators(store, tmp_path) -> None:
    closed = Settings(data=tmp_path)
    assert dict(mounts(store, closed, demo=False)) == {}
    assert list(dict(mounts(store, closed, demo=True))) == ["/langsmith", "/traces"]
    guarded = TestClient(alone(store, Settings(data=tmp_path, operator_token="t" * 16)))
    assert guarded.get("/info").status_code == 401
    assert guarded.get("/info", headers={"authorization": "Bearer " + "u" * 16}).status_code == 401
    assert guarded.get("/info", headers={"authorization": "Basic !"}).status_code == 401
    for way in ({"authorization": "Bearer " + "t" * 16}, {"x-api-key": "t" * 16}):
        assert guarded.get("/info", headers=way).status_code == 200
    assert guarded.get("/traces/", auth=("anyone", "t" * 16)).status_code == 200


def test_an_address_that_names_nothing_is_answered_with_a_page(client, trace) -> None:
    for path, status in (("/traces/nope", 404), ("/traces/nope/export", 404), ("/traces/?feedback=loud", 422)):
        wrong = client.get(path)
        assert (wrong.status_code, wrong.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert 'role="alert"' in wrong.text


def test_the_printed_address_leads_to_the_list(client, trace) -> None:
    first = client.get("/", follow_redirects=False)
    assert first.headers["location"] == "/traces/"
    assert f"/traces/{TRACE}" in client.get("/").text


def test_what_decided_was_done_and_was_refused_is_shown(client, store) -> None:
    features = [{"name": "user_clicks:minutes", "value": {"Coats": 20}, "status": "online", "age_s": 1}]
    action = {"tool": "add_to_cart", "arguments": {"product_id": "OWR-1"}, "status": "done", "receipt": "2 lines"}
    outputs = {"answer": "no", "actions": [action], "guard": {"action": "refuse", "reasons": ["injection"]}}
    runs = [
        _run(TRACE, "turn", 0, 4, inputs={"message": "x", "user_id": "maya"}, outputs=outputs),
        _run(uuid4(), "fetch_features", 1, 2, parent_run_id=TRACE, outputs={"features": features}),
        _run(uuid4(), "build_prompt", 2, 1, parent_run_id=TRACE, outputs={"used_features": ["user_clicks:minutes"]}),
    ]
    store.ingest([("post", run) for run in runs])
    text = client.get(f"/traces/{TRACE}").text
    for told in (
        "Coats: 20",
        '<td data-name="Decided">yes</td>',
        "product_id: OWR-1",
        "2 lines",
        "Guard: refuse (injection)",
        "· maya",
    ):
        assert told in text
