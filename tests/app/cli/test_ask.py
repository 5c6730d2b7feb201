from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

import graphs
from app.cli.main import _data_first, cli
from tests.support.small_shop import COATS, LIMITED, RUNNER, build_small_shop

SCHEMA = json.loads((Path(graphs.__file__).parent / "answer.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shop")
    build_small_shop(directory, datetime.now(UTC), tmp_path_factory.getbasetemp() / "models")
    return directory


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ("OPENAI_API_KEY", "SHELFWISE_OPENAI_API_KEY")
    for name in (*keys, "QDRANT_URL", "REDIS_URL", "DATABASE_URL", "SHELFWISE_DATA"):
        monkeypatch.delenv(name, raising=False)


def _run(data: Path, *args: str):
    return CliRunner().invoke(cli, ["--data", str(data), *args])


@pytest.mark.parametrize("user", [RUNNER, COATS, LIMITED, "nobody"])
def test_json_is_one_object_of_the_schema(data: Path, user: str) -> None:
    result = _run(data, "ask", "what should I buy?", "--user", user, "--json", "--explain")
    assert result.exit_code == 0, result.stderr
    final = json.loads(result.stdout)
    assert final.pop("reading")["intent"] == "open"
    jsonschema.validate(final, SCHEMA)
    assert final["products"]
    for claim in final["claims"]:
        assert final["answer"][claim["start"] : claim["end"]] == claim["text"]


def test_the_printed_answer_has_its_products_and_sources(data: Path) -> None:
    result = _run(data, "ask", "laptop under 500")
    assert result.exit_code == 0
    assert "480.00 USD" in result.stdout
    assert "[1] Orbita Air 13 laptop" in result.stdout


def test_korean(data: Path) -> None:
    result = _run(data, "ask", "뭐 살까?", "--user", COATS, "--lang", "ko", "--json")
    assert any("가" <= letter <= "힣" for letter in json.loads(result.stdout)["answer"])


@pytest.mark.parametrize(("option", "longest"), [("--user", 128), ("--thread", 64)])
def test_a_name_no_database_would_keep_is_refused(tmp_path: Path, option: str, longest: int) -> None:
    for name in ("", "n" * (longest + 1)):
        refused = _run(tmp_path, "ask", "anything", option, name)
        assert (refused.exit_code, f"write 1 to {longest} " in refused.stderr) == (2, True)
    assert "holds no catalogue" in _run(tmp_path, "ask", "anything", option, "n" * longest).stderr


def test_without_a_catalogue_it_says_what_to_run(tmp_path: Path) -> None:
    result = _run(tmp_path / "none", "ask", "anything")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "shelfwise demo" in result.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("args", "first"),
    [
        (["ask", "q", "--data", "d"], ["--data", "d", "ask", "q"]),
        (["ask", "--data=d", "q"], ["--data=d", "ask", "q"]),
        (["--data", "d", "ask", "q"], ["--data", "d", "ask", "q"]),
        (["ask", "--", "--data", "d"], ["ask", "--", "--data", "d"]),
        (["ask", "q", "--data"], ["ask", "q", "--data"]),
    ],
)
def test_data_may_stand_anywhere_before_a_double_dash(args: list[str], first: list[str]) -> None:
    assert _data_first(args) == first


def test_a_senseless_setting_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFWISE_TOP_K", "many")
    result = _run(data, "ask", "anything")
    assert result.exit_code == 2
    assert "SHELFWISE_TOP_K" in result.stderr


def test_explain_prints_the_reading_and_the_plan(data: Path) -> None:
    result = _run(data, "ask", "cheapest laptop under 500 for my wife, not from Orbita", "--explain")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "kind of question product" in lines
    assert "kind of thing laptop" in lines
    assert "limits price <= 500; brand not in orbita" in lines
    assert "sorted by price, least first" in lines
    assert "a present for wife" in lines
    assert "honoured price <= 500 stated under 500" in lines


def test_what_comes_nearest_is_printed_with_what_it_breaks(data: Path) -> None:
    result = _run(data, "ask", "laptop under 5", "--json")
    final = json.loads(result.stdout)
    assert final["products"] == []
    assert [miss["breaks"] for miss in final["nearest"]] == [["price at most $5"]] * len(final["nearest"])
    assert final["nearest"]
    shown = _run(data, "ask", "laptop under 5").stdout
    assert "does not keep: price at most $5" in " ".join(shown.split())


def test_a_conversation_goes_on_from_command_to_command(data: Path) -> None:
    thread = ["--thread", "cli-1", "--user", "somebody"]
    first = json.loads(_run(data, "ask", "winter coats", *thread, "--json").stdout)
    added = json.loads(_run(data, "ask", "add the second one to my cart", *thread, "--json").stdout)
    assert added["actions"][0]["arguments"]["item_id"] == first["products"][1]["product_id"]
    proposed = _run(data, "ask", "check out", *thread)
    assert "place_order: proposed, waiting for a yes in --thread cli-1" in proposed.stdout
    placed = json.loads(_run(data, "ask", "yes", *thread, "--json").stdout)
    assert placed["actions"][0]["status"] == "done"
    other = _run(data, "ask", "yes", "--thread", "cli-1", "--user", "somebody-else")
    assert other.exit_code == 2
    assert other.stderr.count("\n") == 1


@pytest.mark.parametrize("thread", ["a/b c", "", "x" * 65, "대화"])
def test_a_conversation_the_page_could_not_open_is_refused(tmp_path: Path, thread: str) -> None:
    result = _run(tmp_path, "ask", "socks", "--thread", thread)
    assert result.exit_code == 2
    assert "1 to 64 letters, digits" in " ".join(result.stderr.split())
