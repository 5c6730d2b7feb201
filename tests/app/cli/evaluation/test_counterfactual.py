from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.clock import utc_now
from tests.support.served import run
from tests.support.small_shop import COATS, LIMITED, RUNNER, build_small_shop

QUESTIONS = """
- {text: 'how long do I have to return something?', personal: false}
- {text: 'what should I buy?', personal: true}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("counterfactual")
    build_small_shop(folder, utc_now(), tmp_path_factory.getbasetemp() / "models")
    return folder


def held(data: Path) -> dict[str, list[str]]:
    """Every row of what is loaded and known; the databases' files may change by being read."""
    rows = {}
    for path in (data / "ledger.db", data / "features" / "online.db", data / "features" / "defaults.db"):
        with closing(sqlite3.connect(path)) as database:
            rows[path.name] = list(database.iterdump())
    assert all(rows.values())
    return rows


def test_one_object_is_printed_and_the_store_is_as_it_was(data: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.yaml"
    questions.write_text(QUESTIONS, encoding="utf-8")
    before = held(data)
    asked = ("--questions", str(questions), "--users", f"{RUNNER}, {COATS},{LIMITED}", "--json")
    done = run(data, "eval", "counterfactual", *asked)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.count("\n") == 1
    report = json.loads(done.stdout)
    assert report["general"]["identical"] == 1.0
    assert report["leakage"]["count"] == 0
    assert report["control"]["shuffled"]["leakage"] > 0
    assert held(data) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "is not the demo store: name its shoppers with --users A,B"),
        (("--users", "runner"), "name two shoppers or more"),
        (("--users", "a,b", "--questions", "/no/such.yaml"), "/no/such.yaml: No such file"),
    ],
)
def test_what_cannot_be_studied_is_one_line(data: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(data, "eval", "counterfactual", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_empty_directory_says_what_to_load(tmp_path: Path) -> None:
    done = run(tmp_path, "eval", "counterfactual")
    assert done.returncode == 2
    assert "shelfwise ingest products FILE" in done.stderr
