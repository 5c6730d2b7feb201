from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app.api import DemoShopper, Services, Sessions, create_app
from tools.ports import EventsUnavailable

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
MAYA = {"X-Demo-User": "maya"}


class Sink:
    def __init__(self) -> None:
        self.kept: dict[str, object] = {}
        self.down = False
        self.given_up = 0

    def lost(self, count):
        self.given_up += count

    async def put(self, events):
        if self.down:
            raise EventsUnavailable("the disk is full")
        new = {event.event_id: event for event in events if event.event_id not in self.kept}
        self.kept |= new
        return len(new)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def client(assistant, script, sink):
    services = Services(sink, None, None, None, lambda: NOW)
    identity = DemoShopper(Sessions("s" * 32))
    app = create_app(assistant, identity=identity, products_lookup=script.find_product, services=services)
    return TestClient(app, raise_server_exceptions=False)


def event(name: str = "e1", **fields) -> dict:
    return {"event_id": name, "kind": "view", "product_id": "RUN-0101", **fields}


def send(client, *events, headers=MAYA):
    return client.post("/api/events", json={"events": list(events)}, headers=headers)


def test_who_and_when_are_the_servers_and_the_price_is_the_shelfs(client, sink) -> None:
    sent = send(client, event(run_id="r1", position=2, dwell_s=12.5))
    assert (sent.status_code, sent.json()) == (202, {"accepted": 1, "duplicates": 0})
    (kept,) = sink.kept.values()
    assert (kept.user_id, kept.time, kept.price) == ("maya", NOW, 24.0)
    assert (kept.kind, kept.run_id, kept.position, kept.dwell_s, kept.quantity) == ("view", "r1", 2, 12.5, 1)


def test_duplicates_are_counted_apart(client) -> None:
    send(client, event("e1"))
    assert send(client, event("e1"), event("e2"), event("e2")).json() == {"accepted": 1, "duplicates": 2}


def test_an_unknown_product_is_named_and_nothing_is_kept(client, sink) -> None:
    sent = send(client, event("e1"), event("e2", product_id="NOPE"))
    assert sent.status_code == 422
    assert sent.json() == {
        "error": "There is no product 'NOPE' in this catalogue; nothing was kept.",
        "code": "unknown_product",
    }
    assert sink.kept == {}


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "stare"},
        {"event_id": ""},
        {"event_id": "cart:1:x"},
        {"position": -1},
        {"dwell_s": -0.1},
        {"dwell_s": 1e9},
        {"user_id": "jonas"},
        {"time": "2020-01-01T00:00:00Z"},
    ],
)
def test_what_is_no_event_is_refused_in_one_line(client, sink, bad) -> None:
    sent = send(client, event(**bad) if "event_id" not in bad else {**event(), **bad})
    assert sent.status_code == 422
    assert list(sent.json()) == ["error", "code"]
    assert "\n" not in sent.json()["error"]
    assert sink.kept == {}


def test_between_one_and_fifty_events_at_a_time(client) -> None:
    assert send(client).status_code == 422
    assert send(client, *(event(f"e{n}") for n in range(51))).status_code == 422
    assert send(client, *(event(f"e{n}") for n in range(50))).json()["accepted"] == 50


def test_a_log_that_is_down_asks_for_patience(client, sink) -> None:
    sink.down = True
    sent = send(client, event())
    assert sent.status_code == 503
    assert "disk" not in sent.json()["error"]


def test_nobody_in_particular_leaves_no_events(client, sink) -> None:
    assert send(client, event(), headers={"X-Demo-User": "anonymous"}).status_code == 403
    assert sink.kept == {}


def test_a_server_that_keeps_nothing_says_so(assistant, script) -> None:
    app = create_app(assistant, identity=DemoShopper(Sessions("s" * 32)), products_lookup=script.find_product)
    client = TestClient(app)
    for method, path in (("POST", "/api/events"), ("POST", "/api/feedback"), ("GET", "/api/profile")):
        body = {"events": [event()]} if "events" in path else {"run_id": "r1", "score": 1}
        sent = client.request(method, path, json=body if method == "POST" else None, headers=MAYA)
        assert (sent.status_code, list(sent.json())) == (503, ["error", "code"])


def test_what_the_page_had_to_give_up_is_told_once(client, sink) -> None:
    sink.down = True
    assert client.post("/api/events", json={"events": [event()], "lost": 3}, headers=MAYA).status_code == 503
    assert sink.given_up == 0
    sink.down = False
    assert client.post("/api/events", json={"events": [event()], "lost": 3}, headers=MAYA).status_code == 202
    assert sink.given_up == 3
    assert client.post("/api/events", json={"events": [event()], "lost": -1}, headers=MAYA).status_code == 422
    assert sink.given_up == 3
