from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from tests.support.small_shop import RUNNER, build_small_shop


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shop")
    build_small_shop(directory, datetime.now(UTC), tmp_path_factory.getbasetemp() / "models")
    return directory


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "SHELFWISE_OPENAI_API_KEY", "QDRANT_URL", "REDIS_URL", "SHELFWISE_DATA"):
        monkeypatch.delenv(name, raising=False)


def _run(data: Path, *args: str):
    return CliRunner().invoke(cli, ["--data", str(data), *args])


@pytest.fixture(scope="module")
def answer(data: Path) -> dict[str, Any]:
    result = _run(data, "ask", "what should I buy?", "--user", RUNNER, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def store(tmp_path: Path):
    def write(answer: dict[str, Any]) -> str:
        file = tmp_path / "answer.json"
        file.write_text(json.dumps(answer), encoding="utf-8")
        return str(file)

    return write


def test_an_answer_just_given_is_unchanged(data, answer, store):
    result = _run(data, "verify", store(answer), "--user", RUNNER, "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 0, report
    assert report["unchanged"]
    assert min(report["checked"].values()) > 0


def _other_text(answer):
    answer["receipt"]["evidence"][next(iter(answer["receipt"]["evidence"]))] = "0" * 64


def _gone(answer):
    evidence = answer["receipt"]["evidence"]
    evidence["product/NONE"] = evidence.pop(next(iter(evidence)))


def _dearer(answer):
    card = next(card for card in answer["products"] if card["price"])
    answer["receipt"]["items"][card["product_id"]]["price"] = card["price"] + 5


def _other_feature(answer):
    answer["receipt"]["features"]["user_behavior:favorite_category"][0] = "Gardening"


def _retold(answer):
    answer["answer"] = answer["answer"].replace("I would", "You must")


def _other_template(answer):
    answer["receipt"]["template_sha256"] = "0" * 64


def _other_prompt(answer):
    answer["receipt"]["prompt_sha256"] = "0" * 64


def _other_question(answer):
    answer["receipt"]["reading"]["question"] += " Please."


def _other_order(answer):
    answer["receipt"]["ranked"].reverse()


def _forgotten_condition(answer):
    answer["filters"]["honoured"].pop()


def _over_the_limit(answer):
    answer["filters"]["honoured"].append(
        {"field": "price", "op": "lte", "value": 1.0, "origin": "stated", "reason": "asked", "feature": None}
    )


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        (_other_text, "evidence"),
        (_gone, "evidence"),
        (_dearer, "claim"),
        (_other_feature, "feature"),
        (_retold, "answer"),
        (_other_template, "prompt"),
        (_other_prompt, "prompt"),
        (_other_question, "prompt"),
        (_other_order, "prompt"),
        (_forgotten_condition, "plan"),
        (_over_the_limit, "plan"),
    ],
)
def test_what_changed_is_named(change, subject, data, answer, store):
    changed = json.loads(json.dumps(answer))
    change(changed)
    assert changed != answer

    result = _run(data, "verify", store(changed), "--user", RUNNER, "--json")

    assert result.exit_code == 3, result.stdout
    assert subject in {each["subject"] for each in json.loads(result.stdout)["changes"]}


def test_without_a_shopper_features_are_not_compared(data, answer, store):
    result = _run(data, "verify", store(answer))

    assert result.exit_code == 0
    assert "name --user" in result.stdout


def test_another_shoppers_features_are_not_compared(data, answer, store):
    result = _run(data, "verify", store(answer), "--user", f"not-{RUNNER}")

    assert result.exit_code == 2
    assert "was not given to shopper" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "question", ["waterproof jacket under $150", "compare the two cheapest tents", "can I return shoes?", "hello"]
)
def test_every_kind_of_answer_can_be_made_again(question, data, store):
    answer = json.loads(_run(data, "ask", question, "--user", RUNNER, "--json").stdout)

    result = _run(data, "verify", store(answer), "--json")

    report = json.loads(result.stdout)
    assert report["changes"] == []
    assert report["checked"]["prompts"] == 1


@pytest.mark.parametrize(
    ("content", "complaint"), [("{}", "not a final answer"), ("[1", "not a final answer"), (None, "no such file")]
)
def test_what_is_no_answer_is_refused_in_one_line(content, complaint, data, tmp_path):
    file = tmp_path / "answer.json"
    if content is not None:
        file.write_text(content)

    result = _run(data, "verify", str(file))

    assert result.exit_code == 2
    assert complaint in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_was_done_in_a_conversation_is_checked_against_its_receipt(data, store):
    thread = ("--thread", "verified", "--user", RUNNER, "--json")
    for said in ("winter coats", "add the first one to my cart", "check out", "yes"):
        answer = json.loads(_run(data, "ask", said, *thread).stdout)
        report = json.loads(_run(data, "verify", store(answer), "--user", RUNNER, "--json").stdout)
        assert report["unchanged"], (said, report["changes"])
        assert report["checked"]["prompts"] == 1
    assert answer["actions"][0]["status"] == "done"
    answer["actions"][0]["status"] = "proposed"
    changed = json.loads(_run(data, "verify", store(answer), "--user", RUNNER, "--json").stdout)
    assert {change["subject"] for change in changed["changes"]} == {"prompt", "claim"}
