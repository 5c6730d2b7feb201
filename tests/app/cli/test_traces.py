from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from typer.testing import CliRunner

from app.cli.traces import traces_app
from app.settings import Settings
from app.traces.opening import open_traces
from app.traces.run import RunUpload

TRACE = UUID(int=7)
START = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def run(tmp_path):
    with open_traces(tmp_path / "traces.db", lambda: datetime.now(UTC)) as store:
        turn = RunUpload(
            id=TRACE,
            name="turn",
            start_time=START,
            end_time=START.replace(second=2),
            inputs={"message": "a [red] coat"},
            outputs={"answer": "This one."},
            session_name="shelfwise",
        )
        child = RunUpload(id=UUID(int=8), trace_id=TRACE, parent_run_id=TRACE, name="retrieve", start_time=START)
        store.ingest([("post", turn), ("post", child)])

    def invoke(*arguments):
        return CliRunner().invoke(traces_app, arguments, obj=Settings(data=tmp_path), env={"COLUMNS": "120"})

    return invoke


def test_traces_are_listed(run) -> None:
    (trace,) = json.loads(run("list", "--json").stdout)["traces"]
    assert (trace["trace_id"], trace["message"], trace["latency_s"]) == (str(TRACE), "a [red] coat", 2.0)
    assert "a [red] coat" in run("list", "--project", "shelfwise").stdout
    assert json.loads(run("list", "--json", "--search", "tent").stdout) == {"traces": []}
    assert json.loads(run("list", "--json", "--failed").stdout) == {"traces": []}
    assert "no trace was found" in run("list", "--filter", 'eq(status, "error")').stdout


def test_a_trace_is_shown_by_the_id_of_its_answer(run) -> None:
    shown = run("show", TRACE.hex)
    assert shown.exit_code == 0, shown.output
    for told in ("turn", "  retrieve", "2000.0", "asked: a [red] coat", "This one."):
        assert told in shown.stdout
    runs = json.loads(run("show", str(TRACE), "--json").stdout)["runs"]
    assert [each["name"] for each in runs] == ["turn", "retrieve"]


def test_a_trace_becomes_one_file(run, tmp_path) -> None:
    out = tmp_path / "trace.html"
    assert run("export", str(TRACE), "--out", str(out)).exit_code == 0
    assert "This one." in out.read_text("utf-8")


def test_two_turns_are_compared(run, tmp_path) -> None:
    with open_traces(tmp_path / "traces.db", lambda: datetime.now(UTC)) as store:
        said = {"inputs": {"message": "a [red] coat"}, "outputs": {"answer": "That one."}}
        store.ingest([("post", RunUpload(id=UUID(int=20), name="turn", start_time=START, **said))])
    shown = run("difference", str(TRACE), str(UUID(int=20)))
    assert shown.exit_code == 0, shown.output
    assert "- This one." in shown.stdout
    assert "+ That one." in shown.stdout
    told = json.loads(run("difference", str(TRACE), str(TRACE), "--json").stdout)["difference"]
    assert (told["answer"], told["products"]) == ([], [])
    assert "nothing differs" in run("difference", str(TRACE), str(TRACE)).stdout


def test_old_traces_are_pruned_after_they_were_counted(run) -> None:
    dry = run("prune", "--older-than", "1h", "--dry-run", "--json")
    assert json.loads(dry.stdout) == {"traces": 1, "runs": 2, "feedback": 0, "dry_run": True}
    assert "1 traces with 2 runs" in run("prune", "--older-than", "1h", "--project", "shelfwise").stdout
    assert json.loads(run("list", "--json").stdout) == {"traces": []}


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "not-an-id"),
        ("show", str(UUID(int=9))),
        ("export", str(TRACE), "--out", "/nowhere/trace.html"),
        ("list", "--project", "nothing"),
        ("list", "--filter", "eq("),
        ("difference", str(TRACE), str(UUID(int=9))),
        ("prune", "--older-than", "soon"),
        ("prune", "--older-than", "30d", "--project", "nothing"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(run, arguments) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
