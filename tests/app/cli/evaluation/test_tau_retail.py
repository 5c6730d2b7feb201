"""`eval tau-retail` from the command line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from app.evaluation.experiments.files import read_experiment
from tests.support.openai_server import OpenAIServer, running
from tests.support.retail_world import CANCELLED, put_world

CUSTOMER, AGENT = "customer", "agent"
TASK = CANCELLED | {"user_id": "mina_1", "instruction": "You are Mina. Nobody needs order #W1 any longer."}
CONTRACT = {"tasks": 1, "expressible": 1.0, "state_equal": 1.0, "inexpressible": {}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tasks.jsonl.gz").write_bytes(gzip.compress(json.dumps(TASK).encode()))
    return put_world(tmp_path)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with running() as server:
        yield server


def _run(folder: Path, *options: str, tasks: str = "tasks.jsonl.gz", **env: str):
    given = ["--data", str(folder / "data"), "eval", "tau-retail", "--data-dir", str(folder)]
    environment = {"OPENAI_API_KEY": None, "SHELFWISE_OPENAI_API_KEY": None, **env}
    return CliRunner().invoke(cli, [*given, "--tasks", str(folder / tasks), *options], env=environment)


def _tool_messages(server: OpenAIServer) -> list[str]:
    """What the agent's model read of the tools it called."""
    asked = [request["messages"] for request in server.requests if request["model"] == AGENT]
    found = [message["content"] for messages in asked for message in messages if message["role"] == "tool"]
    return list(dict.fromkeys(found))


def test_one_object_with_the_shares_and_a_control_that_fails(folder: Path) -> None:
    report = json.loads(_run(folder, "--json").stdout)

    assert {name: report[name] for name in CONTRACT} == CONTRACT
    assert report["control"]["last_action_left_out"]["state_equal"] == 0.0
    assert "pass^1" not in report


def test_the_replays_are_kept_as_an_experiment(folder: Path) -> None:
    wrong = json.loads(gzip.decompress((folder / "tasks.jsonl.gz").read_bytes()))
    (folder / "two.jsonl").write_text(f"{json.dumps(wrong)}\n{json.dumps(wrong | {'actions': wrong['actions'][:-1]})}")
    assert _run(folder, "--out", str(folder / "kept.json"), tasks="two.jsonl").exit_code == 0
    kept = read_experiment(folder / "kept.json")
    assert (kept.name, kept.kind) == ("two", "tau-retail")
    assert [(case.id, case.trials[0].passed) for case in kept.cases] == [("task 1", True), ("task 2", False)]
    (fault,) = kept.cases[1].trials[0].faults
    assert (fault.label, fault.detail) == ("agent", "not as it should be: #W1, mina_1")


def test_without_json_a_person_reads_it(folder: Path) -> None:
    result = _run(folder)

    assert result.exit_code == 0
    assert result.stdout.startswith("1 tasks, 4 actions")
    assert "control" in result.stdout


def test_with_a_model_the_tasks_are_also_held_as_conversations(folder: Path, server: OpenAIServer) -> None:
    said = server.model(CUSTOMER)
    said.say("It was order #W1, and somebody else had bought mugs as well.").say("yes").say("###STOP###").fail(401)
    agent = server.model(AGENT).call(("search_products", {"query": "mug"}), ("product_options", {"product_id": "7"}))
    agent.call(("cancel_order", {"order_id": "#W1", "reason": "no longer needed"})).say("Shall I go ahead?")

    out = folder / "talks.json"
    asked = ("--model", AGENT, "--user-model", CUSTOMER, "--repeat", "2", "--out", str(out), "--json")
    result = _run(folder, *asked, OPENAI_API_KEY="any", OPENAI_BASE_URL=server.url)

    report = json.loads(result.stdout)
    assert {name: report[name] for name in CONTRACT} == CONTRACT
    assert (report["model"], report["user_model"], report["repeat"]) == (AGENT, CUSTOMER, 2)
    assert (report["pass^1"], report["pass^k"]) == (0.5, {"1": 0.5, "2": 0.0}), report["failures"]
    assert report["failures_by_kind"] == {"infrastructure": 1}
    assert report["control"].keys() == {"last_action_left_out", "final_of_another_task"}
    assert result.exit_code == 3  # a model was down
    assert "1 of 2  task 1, run 1  passed" in result.stderr
    (kept,) = read_experiment(out).cases
    assert (kept.id, [trial.passed for trial in kept.trials]) == ("task 1", [True, False])
    assert [fault.label for fault in kept.trials[1].faults] == ["infrastructure"]
    assert len(kept.trials[0].run_ids) == 2
    assert kept.trials[0].latency_ms is not None
    found, options, *_ = _tool_messages(server)
    assert "Mug" in found
    assert '"73"' in options
    assert not (folder / "data").exists()


def test_every_conversation_starts_afresh_and_people_get_a_line_for_each_that_failed(
    folder: Path, server: OpenAIServer
) -> None:
    for tool, arguments in (
        ("set_preference", {"name": "budget_limit", "change": "set", "value": 40}),
        ("view_preferences", {}),
    ):
        server.model(CUSTOMER).say("Somebody else had bought mugs as well.").say("###STOP###")
        server.model(AGENT).call((tool, arguments)).say("What else can I do?")

    options = ("--model", AGENT, "--user-model", CUSTOMER, "--repeat", "2")
    result = _run(folder, *options, OPENAI_API_KEY="any", OPENAI_BASE_URL=server.url)

    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    for run in (1, 2):
        assert f"task 1, run {run}: agent: not as it should be: #W1, mina_1" in lines
    assert "pass^2       0.0000" in lines
    assert "2 conversations of agent with customer" in lines
    saved, found_later = _tool_messages(server)
    assert '"value": 40.0' in saved
    assert '"budget_limit": null' in found_later


@pytest.mark.parametrize(
    ("options", "message"),
    [(("--model", AGENT), "set OPENAI_API_KEY"), (("--repeat", "3"), "name their --model")],
)
def test_without_a_model_there_are_no_conversations(folder: Path, options: tuple[str, ...], message: str) -> None:
    result = _run(folder, *options)

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


def test_a_missing_file_is_told_in_one_line(folder: Path) -> None:
    result = _run(folder, tasks="nothing.jsonl")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "no such file" in result.stderr
