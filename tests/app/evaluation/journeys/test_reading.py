from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from app.evaluation.journeys.reading import SCHEMA, read_journeys, schema
from app.evaluation.rows import EvaluationError

WRITTEN = Path(__file__).parents[3] / "journeys"
GOOD = """
- name: a mug
  group: cart
  description: somebody wants a mug
  shopper: new
  turns:
    - say: mugs under 30
      expect: {products: {count: {min: 1}, all: {price: {max: 30}}}}
"""


def told(tmp_path: Path, text: str) -> str:
    """What is said of a file, without its path."""
    file = tmp_path / "some.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError) as raised:
        read_journeys(file)
    assert str(raised.value).count("\n") == 0
    return str(raised.value).removeprefix(str(file))


def test_journeys_are_read_from_a_file_or_a_folder_and_below(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "two.yml").write_text(GOOD.replace("a mug", "another mug", 1), encoding="utf-8")
    assert [journey.name for journey in read_journeys(tmp_path)] == ["a mug", "another mug"]
    (journey,) = read_journeys(tmp_path / "two.yml")
    assert journey.turns[0].expect is not None
    assert journey.lang == "en"


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        (("price: {max: 30}", "prise: {max: 30}"), "turns.1.expect.products.all.prise: there is no such key"),
        (("all: {price: {max: 30}}", "answer: hello"), "turns.1.expect.products.answer: there is no such key"),
        (("all: {price: {max: 30}}", "all: {}"), "turns.1.expect.products.all: states nothing"),
        (("{products: {count: {min: 1}, all: {price: {max: 30}}}}", "{}"), "turns.1.expect: states nothing"),
        (("{products: {count: {min: 1}, all: {price: {max: 30}}}}", "{cart: }"), "turns.1.expect: cart states nothing"),
        (("count: {min: 1}", "count: many"), "turns.1.expect.products.count: "),
        (("count: {min: 1}", "same_as: 1"), "turn 1 compares with turn 1, which is not before it"),
        (("count: {min: 1}", "include: [{turn: 3, nth: 1}]"), "turn 1 compares with turn 3"),
        (("group: cart", "group: card"), "group: input should be 'follow-ups'"),
        (("shopper: new", "visitor: new"), "visitor: there is no such key"),
        (("  shopper: new\n", ""), "shopper is missing"),
        (("say: mugs under 30", "confirm: maybe"), "turns.1.confirm: input should be 'accept' or 'decline'"),
        (("say: mugs under 30", "confirm: accept\n      say: hi"), "turns.1: a turn has either say or confirm"),
        (("say: mugs under 30", "say: hi\n      at_once: true"), "turns.1: at_once needs repeat"),
        (("say: mugs under 30", "say: hi\n      say: ho"), "not YAML: the key 'say' is given twice"),
        (("  group: cart", "   group: cart"), "not YAML: "),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_key(tmp_path: Path, instead: tuple[str, str], said: str) -> None:
    assert instead[0] in GOOD
    line = told(tmp_path, GOOD.replace(*instead, 1))
    assert said in line
    assert "not YAML" in line or line.startswith(", journey 'a mug': ")


def test_a_journey_that_asserts_nothing_is_an_error(tmp_path: Path) -> None:
    silent = GOOD[: GOOD.index("      expect")]
    assert told(tmp_path, silent) == ", journey 'a mug': the journey: asserts nothing: give at least one turn an expect"


@pytest.mark.parametrize("text", ["", "[]", "name: a mug", "just words"])
def test_a_file_is_a_list_of_journeys(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text).startswith(": expected a list of journeys")


def test_a_name_is_given_once(tmp_path: Path) -> None:
    assert "journey 'a mug': name: " in told(tmp_path, GOOD + GOOD)


def test_a_folder_without_journeys_and_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"holds no \.yaml file"):
        read_journeys(tmp_path)
    with pytest.raises(EvaluationError, match="no such file or folder"):
        read_journeys(tmp_path / "nowhere")


def test_the_schema_in_the_repository_is_the_one_in_force() -> None:
    """After a wanted change: python -m app.evaluation.journeys.reading."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_schema_takes_the_journeys_we_have_and_no_misspelt_key() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    files = sorted(WRITTEN.glob("*.yaml"))
    assert len(files) == 7
    for file in files:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert list(validator.iter_errors(rows)) == []
        rows[0]["turns"][0]["expects"] = {}
        assert list(validator.iter_errors(rows))


def test_no_key_of_an_expectation_is_about_words() -> None:
    expectation = schema()["$defs"]["Expectation"]["properties"]
    assert not {"answer", "text", "says", "sentences", "contains"} & set(expectation)
