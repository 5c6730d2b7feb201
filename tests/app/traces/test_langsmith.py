"""The real LangSmith SDK against the collector, with a network that ends at this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from langsmith import Client, aevaluate, evaluate, traceable, tracing_context
from langsmith.utils import LangSmithConflictError, LangSmithNotFoundError

from tests.support.collector import LOOPBACK_ONLY, closed_network, serving

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def client(store) -> Iterator[Client]:
    """Fails when anything beyond this machine was tried."""
    with serving(store) as address, closed_network() as tried:
        with pytest.raises(OSError, match="closed"):
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        assert tried.pop() == "resolve 192.0.2.1"
        sdk = Client(api_url=address, api_key="anything")
        yield sdk
        sdk.flush()
        sdk.cleanup()
        assert tried == []


def _answer(client: Client, project: str = "shelfwise"):
    @traceable(run_type="llm", name="model")
    def model(question):
        usage = {"input_tokens": 12, "output_tokens": 3, "total_tokens": 15}
        return {"text": f"{question}!", "usage_metadata": usage}

    @traceable(name="turn", tags=["demo"], metadata={"thread_id": "t-1", "lang": "en"})
    def turn(question):
        if question == "break":
            raise ValueError("nothing to answer")
        return {"answer": model(question)["text"]}

    def ask(question):
        with tracing_context(enabled=True, client=client, project_name=project):
            return turn(question)

    return ask


def test_traces_come_back_as_they_were_sent(client) -> None:
    ask = _answer(client)
    ask("a coat for kim@example.com")
    with pytest.raises(ValueError, match="nothing to answer"):
        ask("break")
    client.flush()

    failed, answered = client.list_runs(project_name="shelfwise", is_root=True)
    assert (failed.status, answered.status) == ("error", "success")
    assert "nothing to answer" in failed.error
    assert answered.inputs == {"question": "a coat for [email]"}
    assert answered.outputs == {"answer": "a coat for [email]!"}
    assert answered.tags == ["demo"]
    assert answered.start_time <= answered.end_time

    whole = client.read_run(answered.id, load_child_runs=True)
    (model,) = whole.child_runs
    assert (model.name, model.run_type, model.parent_run_id) == ("model", "llm", answered.id)
    assert (model.prompt_tokens, model.completion_tokens, model.total_tokens) == (12, 3, 15)
    assert model.trace_id == answered.id
    with pytest.raises(LangSmithNotFoundError):
        client.read_run("00000000-0000-4000-8000-000000000000")


def test_runs_are_found_by_what_is_known_of_them(client) -> None:
    ask = _answer(client)
    for question in ("red coat", "blue coat", "green tent"):
        ask(question)
    with pytest.raises(ValueError, match="nothing"):
        ask("break")
    client.flush()

    def found(**wanted):
        runs = client.list_runs(project_name="shelfwise", **wanted)
        return sorted((run.inputs or {}).get("question", "") for run in runs)

    assert found(is_root=True, error=True) == ["break"]
    assert found(is_root=True, filter='search("coat")') == ["blue coat", "red coat"]
    assert found(filter='and(eq(run_type, "llm"), gt(total_tokens, 10))') == ["blue coat", "green tent", "red coat"]
    slow, quick = (found(filter=f'and(eq(run_type, "llm"), {how}(latency, "9.5m"))') for how in ("gt", "lte"))
    assert (slow, quick) == ([], ["blue coat", "green tent", "red coat"])
    assert found(filter='and(eq(name, "turn"), neq(error, null))') == ["break"]
    assert found(filter='eq(run_type, "llm")', trace_filter='search("tent")') == ["green tent"]
    assert found(is_root=True, tree_filter='eq(name, "model")') == ["blue coat", "green tent", "red coat"]
    assert len(found(is_root=True, filter='has(tags, "demo")')) == 4
    assert found(filter='has(tags, "dem")') == []
    assert len(found(filter='and(eq(metadata_key, "lang"), eq(metadata_value, "en"))', is_root=True)) == 4
    assert found(filter='and(eq(metadata_key, "lang"), eq(metadata_value, "ko"))') == []
    assert found(start_time=datetime.now(UTC) + timedelta(minutes=1)) == []
    assert len(found(limit=1)) == 1


async def test_what_the_next_interface_reads(client) -> None:
    _answer(client)("red coat")
    client.flush()
    project = client.read_project(project_name="shelfwise")
    asked = {"project_ids": [str(project.id)], "is_root": True, "selects": ["NAME", "STATUS", "INPUTS", "TRACE_ID"]}
    (run,) = [run async for run in client.runs.query(**asked)]
    assert (run.name, run.status, run.inputs) == ("turn", "SUCCESS", {"question": "red coat"})
    assert run.trace_id == run.id
    assert run.outputs is None


def test_more_runs_than_one_page(client) -> None:
    ask = _answer(client)
    for number in range(130):
        ask(f"question {number}")
    client.flush()
    listed = list(client.list_runs(project_name="shelfwise", is_root=True))
    assert len({run.id for run in listed}) == len(listed) == 130
    assert [run.start_time for run in listed] == sorted((run.start_time for run in listed), reverse=True)


def test_feedback_stands_by_its_run(client) -> None:
    _answer(client)("red coat")
    client.flush()
    (run,) = client.list_runs(project_name="shelfwise", is_root=True)
    client.create_feedback(run.id, "helpful", score=1, comment="write to kim@example.com", trace_id=run.id)
    late = client.create_feedback(run.id, "fast", score=0.25)
    client.flush()
    kept = {feedback.key: feedback for feedback in client.list_feedback(run_ids=[run.id])}
    assert kept["helpful"].score == 1
    assert kept["helpful"].comment == "write to [email]"
    client.update_feedback(late.id, score=0.75)
    assert client.read_feedback(late.id).score == 0.75
    assert client.read_run(run.id).feedback_stats["fast"]["avg"] == 0.75
    slow = 'and(eq(feedback_key, "fast"), lt(feedback_score, 0.5))'
    assert list(client.list_runs(project_name="shelfwise", filter=slow)) == []
    client.delete_feedback(late.id)
    assert [feedback.key for feedback in client.list_feedback(run_ids=[run.id])] == ["helpful"]


def _dataset(client: Client):
    dataset = client.create_dataset("coats", description="Which coat?", metadata={"from": "tests"})
    client.create_examples(
        dataset_id=dataset.id,
        examples=[
            {"inputs": {"question": "a"}, "outputs": {"answer": "a!"}, "split": "train"},
            {"inputs": {"question": "b"}, "outputs": {"answer": "?"}, "metadata": {"source": "query"}},
        ],
    )
    return dataset


def test_datasets_and_examples(client) -> None:
    dataset = _dataset(client)
    with pytest.raises(LangSmithConflictError):
        client.create_dataset("coats")
    assert client.read_dataset(dataset_name="coats").example_count == 2
    assert [each.name for each in client.list_datasets(dataset_name_contains="oat")] == ["coats"]
    assert [each.inputs for each in client.list_examples(dataset_id=dataset.id, splits=["train"])] == [
        {"question": "a"}
    ]
    (second,) = client.list_examples(dataset_name="coats", metadata={"source": "query"})
    assert second.outputs == {"answer": "?"}
    client.update_example(second.id, outputs={"answer": "b!"})
    assert client.read_example(second.id).outputs == {"answer": "b!"}
    assert client.read_example(second.id).inputs == {"question": "b"}
    third = client.create_example(inputs={"question": "c"}, dataset_id=dataset.id)
    client.delete_example(third.id)
    assert client.read_dataset(dataset_id=dataset.id).example_count == 2
    client.delete_dataset(dataset_id=dataset.id)
    assert not client.has_dataset(dataset_name="coats")


def _exact(outputs, reference_outputs):
    return {"key": "exact", "score": outputs["answer"] == reference_outputs["answer"]}


def test_experiments_are_uploaded(client) -> None:
    _dataset(client)
    results = evaluate(
        lambda inputs: {"answer": f"{inputs['question']}!"},
        data="coats",
        evaluators=[_exact],
        experiment_prefix="first",
        client=client,
    )
    client.flush()
    _judged(client, results.experiment_name)


async def test_experiments_of_async_targets_are_uploaded(client) -> None:
    _dataset(client)

    async def target(inputs):
        return {"answer": f"{inputs['question']}!"}

    results = await aevaluate(target, data="coats", evaluators=[_exact], experiment_prefix="first", client=client)
    client.flush()
    _judged(client, results.experiment_name)


def _judged(client: Client, experiment: str) -> None:
    project = client.read_project(project_name=experiment, include_stats=True)
    assert project.reference_dataset_id == client.read_dataset(dataset_name="coats").id
    assert project.run_count == 2
    assert project.feedback_stats == {"exact": {"n": 2, "avg": 0.5}}
    runs = list(client.list_runs(project_name=experiment, is_root=True))
    assert sorted(run.feedback_stats["exact"]["avg"] for run in runs) == [0, 1]
    assert len({run.reference_example_id for run in runs} - {None}) == 2


_SUITE = """
import pytest
from langsmith import testing


@pytest.mark.langsmith(test_suite_name="shelfwise-suite")
@pytest.mark.parametrize("question", ["a", "b"])
def test_answers(question):
    testing.log_inputs({"question": question})
    testing.log_outputs({"answer": question + "!"})
    testing.log_feedback(key="length", score=len(question))
    assert question == "a"
"""
_CONFTEST = """
from pathlib import Path

close_network(lambda attempt: Path("tried.txt").open("a").write(attempt + "\\n"))
"""


def test_the_pytest_plugin_reports_its_suite(store, tmp_path: Path) -> None:
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "test_suite.py").write_text(_SUITE)
    (suite / "conftest.py").write_text(LOOPBACK_ONLY + _CONFTEST)
    with serving(store) as address:
        given = {"LANGSMITH_ENDPOINT": address, "LANGSMITH_API_KEY": "anything", "LANGSMITH_TRACING": "true"}
        command = [sys.executable, "-m", "pytest", "-q", "--rootdir", ".", "-p", "no:cacheprovider", "."]
        done = subprocess.run(
            command, cwd=suite, env={**os.environ, **given}, capture_output=True, text=True, check=False
        )
        assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
        assert not (suite / "tried.txt").exists()
        client = Client(api_url=address, api_key="anything")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = client.read_dataset(dataset_name="shelfwise-suite")
            (experiment,) = client.list_projects(reference_dataset_id=dataset.id)
            runs = list(client.list_runs(project_id=experiment.id, is_root=True))
            scores = {run.inputs["question"]: run.feedback_stats["pass"]["avg"] for run in runs}
        client.cleanup()
    assert dataset.example_count == 2
    assert scores == {"a": 1, "b": 0}
