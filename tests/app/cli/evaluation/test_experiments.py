"""`eval experiments` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.cli.main import cli
from app.evaluation.experiments.files import write_experiment
from tests.support.experiments import case, experiment, of_passes, trial


def run(*given: str | Path) -> Result:
    return CliRunner().invoke(cli, ["eval", "experiments", *map(str, given)])


@pytest.fixture
def base(tmp_path: Path) -> Path:
    write_experiment(of_passes([2] * 18 + [1, 0], 2, name="before"), tmp_path / "base.json")
    return tmp_path / "base.json"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    write_experiment(of_passes([0] * 9 + [2] * 10, 2, name="after"), tmp_path / "new.json.gz")
    return tmp_path / "new.json.gz"


def test_show(base: Path) -> None:
    told = json.loads(run("show", base, "--json").stdout)
    assert (told["name"], told["kind"], told["cases"], told["trials"]) == ("before", "journeys", 20, 40)
    assert told["pass"]["pass^1"]["value"] == 0.925
    assert told["labels"] == {"agent": 3, "simulator": 0, "gold": 0, "infrastructure": 0}
    shown = run("show", base).stdout
    assert "pass^2     0.900 0.699 to 0.972    20" in shown
    assert "3 of 40 trials failed: agent 3" in shown
    assert "flaky (1): c18" in shown


def test_what_did_not_apply_or_looks_like_markup_is_shown_as_it_is(tmp_path: Path) -> None:
    odd = case("[red]case[/red]", trial(False, "gold", **{"[bold]": None, "turns": 3.0}), True, group="[x]")
    write_experiment(experiment(odd), tmp_path / "odd.json")
    shown = run("show", tmp_path / "odd.json").stdout
    assert "never applied: [bold]" in shown
    assert "flaky (1): [red]case[/red]" in shown
    assert "pass^1 without gold and infrastructure" in shown


def test_compare(base: Path, new: Path) -> None:
    told = json.loads(run("compare", base, new, "--json").stdout)
    assert (told["base"], told["new"], told["cases"]) == ("before", "after", 19)
    assert told["pass^1"]["told_from_chance"] is True
    assert told["only_base"] == ["c19"]
    assert [each["case_id"] for each in told["worse"]] == [f"c{place}" for place in range(9)]
    shown = run("compare", base, new).stdout
    assert shown.startswith("pass^1 is lower than before by 0.447.")
    assert "better (1): c18 (1/2 -> 2/2)" in shown
    assert "only in base (1): c19" in shown
    assert max(map(len, shown.splitlines())) <= 80
    same = run("compare", base, base).stdout
    assert "No difference in pass^1 can be told from 20 cases; one of 0.300 or" in same


def test_report_and_junit_are_written(base: Path, new: Path, tmp_path: Path) -> None:
    page, xml = tmp_path / "report.html", tmp_path / "junit.xml"
    assert run("report", base, new, "--out", page).exit_code == 0
    assert "<title>after: experiment</title>" in page.read_text("utf-8")
    assert run("junit", base, "--out", xml).exit_code == 0
    assert 'tests="20" failures="2"' in xml.read_text("utf-8")


def test_the_gate_opens_and_closes(base: Path, new: Path, tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text('[pass]\n"pass^2" = 0.9')
    opened = run("gate", base, "--thresholds", tmp_path / "gate.toml")
    assert (opened.exit_code, opened.stdout) == (0, "every threshold is kept\n")
    (tmp_path / "gate.toml").write_text('[pass]\n"pass^2" = 0.9\n[regression]\nmax_drop = 0.02\nmissing_cases = 1')
    closed = run("gate", new, "--thresholds", tmp_path / "gate.toml", "--base", base)
    assert closed.exit_code == 3
    first, second = closed.stdout.splitlines()
    assert first == "pass.pass^2: 0.5263 (19 cases), min 0.9 wanted"
    assert second.startswith("regression: pass^1 dropped by 0.4474 (p = 0.0")
    told = json.loads(run("gate", new, "--thresholds", tmp_path / "gate.toml", "--base", base, "--json").stdout)
    assert told == {"ok": False, "broken": [first, second]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["show", "nowhere.json"], "nowhere.json: no such file"),
        (["show", "gate.toml"], "is not an experiment"),
        (["compare", "base.json", "other.json"], "no case in common"),
        (["gate", "base.json", "--thresholds", "gate.toml"], "--base is missing"),
        (["gate", "base.json", "--thresholds", "plain.toml", "--base", "base.json"], "a [regression] table is missing"),
        (["gate", "base.json", "--thresholds", "slip.toml"], "pas: there is no such key"),
        (["junit", "base.json", "--out", "nowhere/junit.xml"], "cannot be written"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_experiment(experiment(case("elsewhere", True)), Path("other.json"))
    Path("gate.toml").write_text("[regression]\nmax_drop = 0.1")
    Path("plain.toml").write_text("min_cases = 1")
    Path("slip.toml").write_text("[pas]\nx = 1")
    done = run(*given)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
