"""`eval dataset` and `eval ablation` as they are called."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest

from app.clock import utc_now
from app.evaluation.experiments.files import read_experiment
from app.traces.datasets import Datasets
from app.traces.feedback import FeedbackLog
from app.traces.opening import open_traces
from app.traces.query import RunQuery
from tests.support.served import run
from tests.support.small_shop import build_small_shop

CASES = """
- id: any-coats
  capability: search
  shopper: new
  turns: [winter coats]
  expect: {requires: {query: {kind: winter coat}}}
- id: coats
  capability: constraints
  shopper: new
  turns: [winter coats under $200]
  expect: {requires: {query: {kind: winter coat, price: {max: 200}}}}
- id: dear
  capability: constraints
  shopper: new
  turns: [laptops]
  expect: {requires: {query: {category: Computers, price: {max: 300}}}}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    build_small_shop(folder, utc_now(), tmp_path_factory.getbasetemp() / "models")
    (folder / "small.yaml").write_text(CASES, encoding="utf-8")
    return folder


def test_what_was_played_is_kept_with_its_scores_below_it(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept.json"
    asked = ("--experiment", "tonight", "--repeat", "2", "--out", str(out), "--upload", "--json")
    done = run(data, "eval", "dataset", str(data / "small.yaml"), *asked)
    assert done.returncode == 3, done.stderr + done.stdout  # one of the three fails, as it should
    report = json.loads(done.stdout)
    assert (report["cases"], report["repeat"], report["control_pass^1"]) == (3, 2, 0.0)
    assert (report["pass^1"], report["pass^k"]) == (0.6667, 0.6667)
    assert {(each["case"], each["label"]) for each in report["failures"]} == {("dear", "agent")}
    kept = read_experiment(out)
    assert {"model": "composer", "repeat": "2"}.items() <= kept.settings.items()
    assert {"version", "index_generation"} <= kept.settings.keys()
    assert "Warning" not in done.stderr
    with open_traces(data / "traces.db", utc_now) as store:
        roots = store.query(RunQuery(is_root=True, limit=100)).runs
        assert {root.row["trace_id"] for root in roots} == {
            str(UUID(run_id)) for case in kept.cases for trial in case.trials for run_id in trial.run_ids
        }
        for root in roots:
            children = [each for each in store.trace(root.run.id) if each.run.parent_run_id == root.run.id]
            scored = [each for each in children if each.row["name"] == "constraint_satisfaction"]
            assert len(scored) == 1
        found = FeedbackLog(store).listed({"run": [str(roots[0].run.id)]}, limit=100)
        assert "constraint_satisfaction" in {each["key"] for each in found}
        (dataset,) = Datasets(store).listed({}, limit=10)
        assert (dataset["name"], dataset["example_count"]) == ("small", 3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.yaml",), "nowhere.yaml"),
        (("small.yaml", "--only", "hats"), "there is no case 'hats'"),
        (("small.yaml", "--tag", "hats"), "no case is tagged hats"),
        (("small.yaml", "--judge"), "OPENAI_API_KEY"),
        (("small.yaml", "--out", "/nowhere/kept.json"), "/nowhere/kept.json cannot be written"),
    ],
)
def test_what_cannot_be_played_is_one_line(data: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(data, "eval", "dataset", str(data / arguments[0]), *arguments[1:])
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_ladder_is_climbed_and_drawn(data: Path, tmp_path: Path) -> None:
    """Too few cases to tell golden evidence from none, which the control says."""
    done = run(data, "eval", "ablation", str(data / "small.yaml"), "--out", str(tmp_path), "--json")
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    passed = {name: rung["pass"]["pass^1"]["value"] for name, rung in report["rungs"].items()}
    assert (passed["no_evidence"], passed["golden_evidence"]) == (0.0, 1.0)
    assert report["control"] == {"no_evidence_is_worst_of_all": False}
    assert read_experiment(tmp_path / "hybrid.json").kind == "ablation"
    assert (tmp_path / "ladder.svg").read_text(encoding="utf-8").startswith("<?xml")
