from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import pytest

from app.clock import utc_now
from app.evaluation.experiments.files import read_experiment
from app.traces.feedback import FeedbackLog
from app.traces.opening import open_traces
from app.traces.query import RunQuery
from tests.support.served import run
from tests.support.small_shop import build_small_shop

FINE = """
- name: socks
  group: cart
  description: somebody wants socks
  shopper: new
  turns:
    - say: merino running socks
      expect: {products: {first: {kind: running sock}}}
    - say: add the first one to my cart
      expect: {cart: {lines: [{product: {turn: 1, nth: 1}, quantity: 1}]}}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journeys")
    build_small_shop(folder, utc_now(), tmp_path_factory.getbasetemp() / "models")
    return folder


def test_one_object_is_printed_and_nothing_of_the_shop_changes(data: Path, tmp_path: Path) -> None:
    (tmp_path / "fine.yaml").write_text(FINE, encoding="utf-8")
    out = tmp_path / "kept.json.gz"
    done = run(
        data, "eval", "journeys", str(tmp_path), "--repeat", "2", "--experiment", "tonight", "--out", str(out), "--json"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.count("\n") == 1
    report = json.loads(done.stdout)
    assert {name: report[name] for name in ("journeys", "repeat", "pass^1", "pass^k", "failures")} == {
        "journeys": 1,
        "repeat": 2,
        "pass^1": 1.0,
        "pass^k": 1.0,
        "failures": [],
    }
    assert report["control_pass^1"] == 0.0
    assert report["summary"]["pass"]["pass^2"]["n"] == 1
    kept = read_experiment(out)
    assert (kept.name, kept.settings["model"], kept.settings["repeat"]) == ("tonight", "composer", "2")
    assert {"index_generation", "version"} <= kept.settings.keys()
    assert "1 of 1  passed  cart: socks" in done.stderr
    assert not (data / "shop.db").exists()
    assert not (data / "conversations.db").exists()


def test_a_failed_journey_is_told_and_ends_with_three(data: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(FINE.replace("quantity: 1", "quantity: 7"), encoding="utf-8")
    out, page = tmp_path / "kept.json", tmp_path / "to day.html"
    done = run(
        data, "eval", "journeys", str(tmp_path / "wrong.yaml"), "--traced", "--experiment", "wrong", "--out", str(out)
    )
    assert done.returncode == 3, done.stderr
    assert "socks, turn 2: cart.lines (agent)" in done.stdout
    assert "pass^1   0.0000  95% interval 0.0000 to 0.79" in done.stdout
    assert "failed   agent 1" in done.stdout
    assert "1 of 1  FAILED  cart: socks" in done.stderr
    (trial,) = read_experiment(out).cases[0].trials
    assert (len(trial.run_ids), trial.total_tokens, trial.cost_usd) == (2, 0, 0.0)
    with open_traces(data / "traces.db", utc_now) as store:
        roots = {root.row["trace_id"]: root for root in store.query(RunQuery(is_root=True, limit=10)).runs}
        assert set(roots) == {str(UUID(run_id)) for run_id in trial.run_ids}
        last = roots[str(UUID(trial.run_ids[-1]))]
        assert {"case": "socks", "trial": 1}.items() <= last.run.extra["metadata"].items()
        (passed,) = FeedbackLog(store).listed({"run": [str(last.run.id)]}, limit=10)
        assert (passed["key"], passed["score"]) == ("passed", 0.0)
        assert "cart.lines" in passed["comment"]
    told = run(data, "eval", "experiments", "report", str(out), "--traces", "--out", str(page))
    assert "2 of 2 traces of failed trials found" in told.stderr
    links = re.findall(r'<a href="([^"]+)"', page.read_text("utf-8"))
    assert len(links) == 2
    assert all("socks" in (tmp_path / unquote(link)).read_text("utf-8") for link in links)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no .yaml file"),
        (FINE.replace("first:", "fist:"), "journey 'socks': turns.1.expect.products.fist: there is no such key"),
        (FINE.replace("kind: running sock", "attributes: {sise: 9}"), "no attribute is called 'sise'"),
    ],
)
def test_what_cannot_be_played_is_one_line(data: Path, tmp_path: Path, text: str, said: str) -> None:
    if text:
        (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    done = run(data, "eval", "journeys", str(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_empty_directory_says_what_to_load(tmp_path: Path) -> None:
    done = run(tmp_path, "eval", "journeys", str(tmp_path))
    assert done.returncode == 2
    assert "shelfwise demo" in done.stderr
