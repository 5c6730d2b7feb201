from __future__ import annotations

import asyncio
import json

import pytest

from graphs.conversation.rerun import NotRepeatable
from tools.records import Decision


def test_a_turn_streams_its_events_in_order(chat, assistant):
    events = chat(lang="ko", thread_id="thread-9")

    names = [name for name, _ in events]
    assert names == ["run", "features", "products", *["sentence"] * 5, "citations", "degraded", "final"]
    assert events[0][1]["thread_id"] == events[-1][1]["thread_id"] == "thread-9"
    assert "".join(payload["text"] for name, payload in events if name == "sentence") == events[-1][1]["answer"]
    (turn,) = assistant.turns
    assert (turn.user_id, turn.lang, turn.thread_id) == ("maya", "ko", "thread-9")


def test_times_and_unknown_values_travel_as_json(chat):
    features = {feature["name"]: feature for feature in dict(chat())["features"]["features"]}

    assert features["user_behavior:favorite_category"]["event_time"].startswith("2026-11-03T09:00:00")
    assert features["user_profile:excluded_brands"]["value"] is None


def test_a_turn_that_breaks_ends_in_one_line_without_its_cause(chat, caplog):
    name, payload = chat("please fail")[-1]

    assert name == "error"
    assert payload["error"].startswith("Something went wrong on our side.")
    assert "secret" not in payload["error"]
    assert "secret detail" in caplog.text


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "body: Value error, send one of message, confirm and rerun"),
        ({"message": "hi", "rerun": {"run_id": "r"}}, "body: Value error, send one of message, confirm and rerun"),
        ({"rerun": {"run_id": "r", "without": [""]}}, "rerun.without.0: String should have at least 1 character"),
        ({"message": "   "}, "message: String should have at least 1 character"),
        ({"message": "x" * 8001}, "message: String should have at most 8000 characters"),
        ({"message": 3}, "message: Input should be a valid string"),
        ({"message": "hi", "lang": "fr"}, "lang: Input should be 'en' or 'ko'"),
        ({"message": "hi", "thread_id": "../x"}, "thread_id: String should match pattern"),
        ({"message": "hi", "user_id": "maya"}, "user_id: Extra inputs are not permitted"),
        (["hi"], "body: Input should be a valid dictionary"),
    ],
)
def test_a_malformed_request_is_refused_in_one_line(client, assistant, body, complaint):
    response = client.post("/api/chat", json=body)

    assert response.status_code == 422
    assert list(response.json()) == ["error", "code"]
    assert response.json()["error"].startswith(complaint)
    assert assistant.turns == []


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"message": "\\ud800"}'])
def test_a_body_that_is_not_json_text_is_refused(client, body):
    response = client.post("/api/chat", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code in (400, 422)
    assert "\n" not in response.json()["error"]


async def test_hanging_up_stops_the_turn(app, assistant):
    body = json.dumps({"message": "wait for me"}).encode()
    requests = iter([{"type": "http.request", "body": body, "more_body": False}])
    sentence_arrived = asyncio.Event()

    async def receive():
        request = next(requests, None)
        if request is None:
            await sentence_arrived.wait()
            return {"type": "http.disconnect"}
        return request

    async def send(message):
        if b"event: sentence" in message.get("body", b""):
            sentence_arrived.set()

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
        "path": "/api/chat", "raw_path": b"/api/chat", "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(b"content-type", b"application/json")], "client": ("test", 1), "server": ("test", 80),
    }  # fmt: skip
    async with asyncio.timeout(10):
        await app(scope, receive, send)

    assert sentence_arrived.is_set()
    assert assistant.stopped.is_set()


def test_a_word_on_a_proposal_becomes_a_decision(client, assistant):
    body = {"confirm": {"action_id": "a-1", "accept": True}, "thread_id": "thread-1"}
    client.post("/api/chat", json=body, headers={"X-Demo-User": "maya"})
    assert assistant.turns[-1].decision == Decision("a-1", True)
    assert assistant.turns[-1].thread_id == "thread-1"


def test_the_latest_answer_is_looked_for_again_without_what_is_named(client, assistant):
    asked = {"rerun": {"run_id": "run-1", "without": ["user_profile:budget_limit", "price"]}, "lang": "ko"}
    response = client.post("/api/chat", json=asked, headers={"X-Demo-User": "maya"})

    assert "event: final" in response.text
    (turn,) = assistant.turns
    assert (turn.message, turn.thread_id, turn.replaces, turn.lang) == ("What should I buy?", "thread-1", "run-1", "ko")
    assert turn.changes.without == {"user_profile:budget_limit", "price"}


@pytest.mark.parametrize(("user", "run_id"), [("maya", "run-9"), ("jonas", "run-1")])
def test_an_answer_that_is_nobodys_or_somebody_elses_is_unknown(client, user, run_id):
    response = client.post("/api/chat", json={"rerun": {"run_id": run_id}}, headers={"X-Demo-User": user})

    assert (response.status_code, response.json()) == (
        404,
        {"error": "There is no such answer.", "code": "unknown_thread"},
    )


def test_what_another_device_ran_again_first_says_why(client, assistant, monkeypatch):
    async def refuse(turn):
        raise NotRepeatable("Only the latest answer of a conversation can be looked for again.")
        yield

    monkeypatch.setattr(assistant, "stream", refuse)
    response = client.post("/api/chat", json={"rerun": {"run_id": "run-1"}}, headers={"X-Demo-User": "maya"})

    assert response.text.startswith("event: error")
    assert "Only the latest answer" in response.text


def test_what_cannot_be_run_again_says_why(client, assistant, monkeypatch):
    async def refuse(*_):
        raise NotRepeatable("That answer did something for you, so it is not looked for again.")

    monkeypatch.setattr(assistant, "again", refuse)
    response = client.post("/api/chat", json={"rerun": {"run_id": "run-1"}}, headers={"X-Demo-User": "maya"})

    assert response.status_code == 409
    assert response.json()["error"].startswith("That answer did something")
