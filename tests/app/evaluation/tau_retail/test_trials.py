"""Conversations of scripted models with the whole assistant: the models are the only parts that are not real."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.evaluation.rows import EvaluationError
from app.evaluation.tau_retail import read_dataset, read_tasks
from app.evaluation.tau_retail.trials import Cast, Trials, play
from graphs.models.providers import ModelSettings, chat_model
from tests.support.openai_server import OpenAIServer, running
from tests.support.retail_world import CANCELLED, RETURNED, put_world

CUSTOMER, AGENT = "customer", "agent"
STOP = "###STOP###"
TOLD = "It was order #W1, and somebody else had bought mugs as well."
CANCEL = {"order_id": "#W1", "reason": "no longer needed"}
TASK = CANCELLED | {
    "user_id": "mina_1",
    "instruction": "You are Mina. Nobody needs order #W1 any longer.",
    "outputs": [],
}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with running() as server:
        yield server


@pytest.fixture
def cast(shop, server: OpenAIServer) -> Cast:
    def model(name: str):
        return chat_model(ModelSettings(api_key="any", base_url=server.url, model=name, max_retries=0))

    def assemble(store, folder: Path):
        return shop.assistant(model=model(AGENT), toolbox=shop.toolbox(store))

    return Cast(assemble, model(CUSTOMER), deadline_s=60.0)


@pytest.fixture
def held(cast: Cast, tmp_path: Path):
    """Holds tasks as conversations."""

    def hold(*tasks: dict[str, Any], by: Cast = cast, **how: Any) -> Trials:
        path = put_world(tmp_path) / "tasks.jsonl"
        path.write_text("\n".join(map(json.dumps, tasks or [TASK])))
        return play(read_dataset(tmp_path), read_tasks(path), by, **how)

    return hold


def customer(server: OpenAIServer, *messages: str) -> None:
    for message in messages:
        server.model(CUSTOMER).say(message)


def agent(server: OpenAIServer, **arguments: str) -> None:
    server.model(AGENT).call(("cancel_order", arguments)).say("Order #W1 would be cancelled [A1]. Shall I go ahead?")


def heard(server: OpenAIServer) -> list[str]:
    """What the customer was told, in order."""
    last = [request for request in server.requests if request["model"] == CUSTOMER][-1]
    return [message["content"] for message in last["messages"] if message["role"] == "user"]


def test_what_was_wanted_is_done_once_the_customer_says_yes(held, server: OpenAIServer) -> None:
    customer(server, TOLD, "yes", STOP)
    agent(server, **CANCEL)

    trials = held()

    report = trials.as_json()
    assert (report["pass^1"], report["failures"]) == (1.0, [])
    assert trials.whole
    greeting, proposed, done = heard(server)
    assert "signed in" in greeting
    assert "cancelled" in proposed
    assert "Shall I go ahead?" in proposed
    assert "cancelled order #W1" in done
    assert "30.35" in done


def test_the_customer_knows_the_task_and_speaks_for_itself(held, server: OpenAIServer) -> None:
    customer(server, STOP)
    held()

    (request,) = server.requests
    system = request["messages"][0]
    assert system["role"] == "system"
    assert TASK["instruction"] in system["content"]
    assert STOP in system["content"]


def test_a_proposal_the_model_does_not_put_into_words_is_seen_all_the_same(held, server: OpenAIServer) -> None:
    customer(server, TOLD, "yes", STOP)
    server.model(AGENT).call(("cancel_order", CANCEL)).say("One moment.")

    assert held().as_json()["pass^1"] == 1.0
    assert "#W1 would be cancelled" in heard(server)[1]


def test_another_thing_done_is_the_agents_fault(held, server: OpenAIServer) -> None:
    customer(server, TOLD, "yes", STOP)
    agent(server, order_id="#W1", reason="ordered by mistake")

    report = held().as_json()

    assert report["pass^1"] == 0.0
    assert report["failures"] == [
        {"task": 1, "run": 1, "kind": "agent", "detail": "not as it should be: #W1"},
    ]


def test_nothing_is_done_without_a_yes(held, server: OpenAIServer) -> None:
    customer(server, TOLD, STOP)
    agent(server, **CANCEL)

    assert held().as_json()["failures_by_kind"] == {"agent": 1}


@pytest.mark.parametrize(
    ("outputs", "kinds"), [(["30.35", "CANCELLED ORDER"], {}), (["30.35", "1234.5"], {"output": 1})]
)
def test_what_has_to_be_said_has_to_be_said(held, server: OpenAIServer, outputs: list[str], kinds: dict) -> None:
    customer(server, TOLD, "yes", STOP)
    agent(server, **CANCEL)

    report = held(TASK | {"outputs": outputs}).as_json()

    assert report["failures_by_kind"] == kinds
    assert ["never said: 1234.5"] * len(kinds) == [each["detail"] for each in report["failures"]]


def test_a_customer_who_never_leaves_fails_the_run_whatever_was_done(held, server: OpenAIServer) -> None:
    customer(server, TOLD, "yes", "Lovely.")
    agent(server, **CANCEL)

    report = held(turns=3).as_json()

    assert report["failures"] == [{"task": 1, "run": 1, "kind": "simulator", "detail": "no stop after 3 turns"}]
    assert len(heard(server)) == 4  # the greeting and three answers


def test_a_customer_who_falls_silent_fails_the_run(held, server: OpenAIServer) -> None:
    customer(server, "")

    (failure,) = held().as_json()["failures"]
    assert failure["kind"] == "simulator"
    assert "empty answer" in failure["detail"]


@pytest.mark.parametrize("down", [AGENT, CUSTOMER])
def test_a_model_that_is_down_is_nobodys_fault_and_stops_no_other_run(held, server: OpenAIServer, down: str) -> None:
    customer(server, *([TOLD] if down == AGENT else []))
    server.model(down).fail(503)

    trials = held(TASK, RETURNED | TASK | {"final": RETURNED["final"]})

    report = trials.as_json()
    assert report["failures_by_kind"] == {"infrastructure": 2}
    assert all("failing (503)" in each["detail"] for each in report["failures"])
    assert not trials.whole


def test_a_run_that_breaks_stops_no_other_run(held, cast: Cast, server: OpenAIServer) -> None:
    customer(server, STOP)
    folders: list[Path] = []

    def breaks_once(store, folder: Path):
        folders.append(folder)
        if len(folders) == 1:
            raise OSError("no space left")
        return cast.assemble(store, folder)

    report = held(repeat=2, by=replace(cast, assemble=breaks_once)).as_json()

    assert [each["kind"] for each in report["failures"]] == ["infrastructure", "agent"]


def test_every_run_starts_in_the_world_as_it_was(held, server: OpenAIServer) -> None:
    for _ in range(2):
        customer(server, TOLD, "yes", STOP)
        agent(server, **CANCEL)

    report = held(repeat=2).as_json()

    assert (report["conversations"], report["pass^k"]) == (2, {"1": 1.0, "2": 1.0})


def test_of_two_runs_one_that_fails_halves_one_and_ends_the_other(held, server: OpenAIServer) -> None:
    customer(server, TOLD, "yes", STOP, STOP)
    agent(server, **CANCEL)

    report = held(repeat=2).as_json()

    assert report["pass^k"] == {"1": 0.5, "2": 0.0}
    assert [(each["task"], each["run"]) for each in report["failures"]] == [(1, 2)]


def test_judged_by_the_final_of_another_task_what_passed_fails(held, server: OpenAIServer) -> None:
    customer(server, TOLD, "yes", STOP)
    agent(server, **CANCEL)

    report = held(TASK, RETURNED | {"user_id": "mina_1"}, limit=1).as_json()

    assert report["pass^1"] == 1.0
    assert report["control"] == {"final_of_another_task": {"pass^1": 0.0}}


def test_without_a_task_that_ends_otherwise_there_is_no_control(held, server: OpenAIServer) -> None:
    customer(server, STOP)

    assert held(TASK, TASK).as_json()["control"] == {"final_of_another_task": {"pass^1": None}}


@pytest.mark.usefixtures("in_foreground")
def test_an_interrupt_leaves_what_there_is(held, server: OpenAIServer) -> None:
    customer(server, TOLD, "yes", STOP)
    agent(server, **CANCEL)

    trials = held(repeat=3, seen=lambda trials: signal.raise_signal(signal.SIGINT))

    report = trials.as_json()
    assert (report["conversations"], report["interrupted"]) == (1, True)
    assert report["pass^k"] == {"1": 1.0, "2": None, "3": None}
    assert not trials.whole


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"instruction": " "}, "task 1 has no 'instruction'"), ({"user_id": "nobody_9"}, "'user_id' names no user")],
)
def test_a_task_nobody_can_play_is_refused_in_one_line(held, changed: dict[str, str], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        held(TASK | changed)
