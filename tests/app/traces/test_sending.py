"""Turns sent with the real SDK to a LangSmith elsewhere, which is our own collector here: masked, and told once."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from starlette.responses import PlainTextResponse

from app.runtime import open_shop
from app.traces.calls import Detail
from app.traces.dead_letters import DeadLetters, refusals_in
from app.traces.entries import erasures_in
from app.traces.opening import REFUSED, sending
from app.traces.query import RunQuery
from app.traces.run import RunUpload
from app.traces.sending import Destination
from graphs.observing import TurnRecord
from graphs.state import NodeRun
from graphs.turn import Turn
from tests.support.collector import closed_network, serving
from tests.support.opened_shop import unhurried

START_NS = 1_762_000_000_000_000_000


@pytest.fixture
def record() -> TurnRecord:
    return _record("a coat")


def _record(said: str, thread: str = "t1") -> TurnRecord:
    node = NodeRun("receive", START_NS, 1_000_000, {}, {"said": said})
    return TurnRecord(uuid4().hex, thread, Turn(said, "maya"), "composer", START_NS, START_NS + 5_000_000, [node])


def refusing(word: bytes, status: int, path: str = "/runs/batch"):
    """Stands before a collector and answers so to whatever holds the word."""

    def around(app):
        async def stand(scope, receive, send):
            if scope["type"] != "http" or scope["path"] != path:
                await app(scope, receive, send)
                return
            body, more = b"", True
            while more:
                message = await receive()
                body, more = body + message["body"], message.get("more_body", False)
            if word in body:
                await PlainTextResponse("no", status)(scope, receive, send)
                return

            async def again():
                return {"type": "http.request", "body": body, "more_body": False}

            await app(scope, again, send)

        return stand

    return around


@pytest.fixture
def environment(monkeypatch):
    """As somebody sets it up who wants LangChain to trace."""
    for name, value in {"TRACING": "true", "API_KEY": "anything", "PROJECT": "storefront"}.items():
        monkeypatch.setenv(f"LANGSMITH_{name}", value)
    return monkeypatch


async def test_the_same_turns_arrive_at_langsmith_masked(shop, store, environment) -> None:
    with serving(store) as url, closed_network() as tried:
        environment.setenv("LANGSMITH_ENDPOINT", url)
        settings = unhurried(shop.data).model_copy(update={"langsmith_tracing": True})
        assert settings.langsmith_endpoint == url
        with open_shop(settings, traced=True) as opened:
            final = await opened.ask_once(Turn("winter coat, write to kim@example.com", "maya"))
        assert tried == []
    runs = store.trace(UUID(final.trace_id))
    names = [run.row["name"] for run in runs]
    assert names[0] == "turn"
    assert {"receive", "fetch_features", "retrieve", "generate", "composer", "guardrail"} <= set(names)
    assert len(names) == len(set(names))  # LangChain told nothing besides
    assert {run.run.session_name for run in runs} == {"storefront"}
    assert runs[0].run.outputs["answer"] == final.answer
    told = json.dumps([run.run.model_dump(mode="json") for run in runs])
    assert "[email]" in told
    assert "kim@example.com" not in told


async def test_turns_of_a_measurement_are_not_sent(shop, store, environment) -> None:
    with serving(store) as url:
        environment.setenv("LANGSMITH_ENDPOINT", url)
        with open_shop(unhurried(shop.data)) as opened:
            final = await opened.ask_once(Turn("winter coat", "maya"))
    assert store.trace(UUID(final.trace_id)) == []


def test_what_cannot_be_delivered_is_delivered_later(store, tmp_path, record) -> None:
    spool = tmp_path / "spool.jsonl"
    with sending(Destination("http://127.0.0.1:9", "k"), spool, "p", Detail()) as recorder:
        recorder.see(record)
    assert recorder.counts == {"stored": 0, "spooled": 1, "dropped": 0, "refused": 0}
    with serving(store) as url, sending(Destination(url, "k"), spool, "p", Detail()) as recorder:
        recorder.forget("another conversation")
    assert [run.row["name"] for run in store.trace(UUID(record.run_id))] == ["turn", "receive"]
    assert spool.stat().st_size == 0


def _said(store) -> list[str]:
    return sorted((run.run.inputs or {}).get("message", "") for run in store.query(RunQuery(is_root=True)).runs)


def _refused(tmp_path) -> list[dict]:
    path = tmp_path / REFUSED
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_what_is_refused_is_set_aside_and_all_the_others_arrive(store, tmp_path) -> None:
    spool = tmp_path / "spool.jsonl"
    with sending(Destination("http://127.0.0.1:9", "k"), spool, "p", Detail()) as recorder:  # all of it must wait first
        for said in ("one", "poison", "two", "three"):
            recorder.see(_record(said))
    with (
        serving(store, refusing(b"poison", 422)) as url,
        sending(Destination(url, "k"), spool, "p", Detail()) as recorder,
    ):
        recorder.see(_record("four"))
        assert recorder.settle(60)
        assert recorder.counts["refused"] == 1
    assert spool.stat().st_size == 0
    assert {"one", "two", "three", "four"} <= set(_said(store))
    told = _refused(tmp_path)
    assert "poison" in json.dumps(told)
    assert all("HTTP 422" in each["refused"] for each in told)
    assert not any(word in json.dumps(told) for word in ("one", "two", "three", "four"))


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_what_is_no_fault_of_the_batch_waits(store, tmp_path, record, status) -> None:
    spool = tmp_path / "spool.jsonl"
    with (
        serving(store, refusing(b"coat", status)) as url,
        sending(Destination(url, "k"), spool, "p", Detail()) as recorder,
    ):
        recorder.see(record)
        assert recorder.settle(60)
        assert recorder.counts["refused"] == 0
    assert spool.stat().st_size > 0
    assert _refused(tmp_path) == []


def test_dead_letters_are_bounded_and_what_has_no_room_is_told(tmp_path, caplog) -> None:
    letters = DeadLetters(tmp_path / REFUSED, most_bytes=10)
    letters.add([("post", RunUpload(id=uuid4(), name="turn"))], "HTTP 422: no")
    assert letters.turns == 1
    assert (tmp_path / REFUSED).stat().st_size <= 10
    assert "lost" in caplog.text


def test_what_is_refused_each_time_the_others_are_sent_again_is_kept_once(tmp_path) -> None:
    letters, refused = DeadLetters(tmp_path / REFUSED), [("post", RunUpload(id=uuid4(), name="turn"))]
    letters.add(refused, "HTTP 422: no")
    letters.add([*refused, ("post", RunUpload(id=uuid4(), name="turn"))], "HTTP 422: no")
    assert len(_refused(tmp_path)) == 2


def test_a_conversation_that_is_forgotten_is_deleted_there_and_what_was_refused_of_it_here(store, tmp_path) -> None:
    spool = tmp_path / "spool.jsonl"
    with (
        serving(store, refusing(b"poison", 422)) as url,
        sending(Destination(url, "k"), spool, "p", Detail()) as recorder,
    ):
        for said, thread in (("coat", "t1"), ("poison", "t1"), ("shoes", "t2")):
            recorder.see(_record(said, thread))
        assert recorder.settle(60)
        assert "coat" in _said(store)
        recorder.forget("t1")
        assert recorder.settle(60)
    assert _said(store) == ["shoes"]
    assert _refused(tmp_path) == []


def test_a_deletion_that_is_refused_is_left_to_somebody_and_one_that_finds_nobody_waits(store, tmp_path) -> None:
    spool, refusal = tmp_path / "spool.jsonl", refusing(b"t1", 403, "/runs/delete")
    with serving(store, refusal) as url, sending(Destination(url, "k"), spool, "p", Detail()) as recorder:
        recorder.forget("t1")
        assert recorder.settle(60)
    assert list(refusals_in((tmp_path / REFUSED).read_text().splitlines())) == ["t1"]
    with sending(Destination("http://127.0.0.1:9", "k"), spool, "p", Detail()) as recorder:
        recorder.forget("t2")
        assert recorder.settle(60)
    assert erasures_in(spool.read_text().splitlines()) == {"t2"}


def test_what_waits_of_a_forgotten_conversation_goes_at_once(tmp_path) -> None:
    spool = tmp_path / "spool.jsonl"
    with sending(Destination("http://127.0.0.1:9", "k"), spool, "p", Detail()) as recorder:
        recorder.see(_record("secretword", "t1"))
        recorder.see(_record("shoes", "t2"))
        assert recorder.settle(60)
        assert "secretword" in spool.read_text()
        recorder.forget("t1")
        assert recorder.settle(60)
        assert "secretword" not in spool.read_text()
        assert "shoes" in spool.read_text()
