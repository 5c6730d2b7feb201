"""Turns sent with the real SDK to a LangSmith elsewhere, which is our own collector here: masked, and told once."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from app.runtime import open_shop
from app.traces.calls import Detail
from app.traces.opening import sending
from app.traces.sending import Destination
from graphs.observing import TurnRecord
from graphs.state import NodeRun
from graphs.turn import Turn
from tests.support.collector import closed_network, serving
from tests.support.opened_shop import unhurried

START_NS = 1_762_000_000_000_000_000


@pytest.fixture
def record() -> TurnRecord:
    node = NodeRun("receive", START_NS, 1_000_000, {}, {"said": "a coat"})
    return TurnRecord(uuid4().hex, "t1", Turn("a coat", "maya"), "composer", START_NS, START_NS + 5_000_000, [node])


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
    assert recorder.counts == {"stored": 0, "spooled": 1, "dropped": 0}
    with serving(store) as url, sending(Destination(url, "k"), spool, "p", Detail()) as recorder:
        recorder.forget("another conversation")
    assert [run.row["name"] for run in store.trace(UUID(record.run_id))] == ["turn", "receive"]
    assert spool.stat().st_size == 0
