from __future__ import annotations

import json

import pytest

from app.evaluation.dataset import chosen, read_cases
from app.evaluation.dataset.reading import SCHEMA, schema
from app.evaluation.rows import EvaluationError

GOOD = """
- id: mugs
  capability: search
  tags: [cheap]
  shopper: new
  turns: [mugs under 20]
  expect:
    requires: {query: {kind: mug, price: {max: 20}}, policy: {in_stock: true}}
- id: mugs-in-korean
  capability: search
  shopper: new
  lang: ko
  turns: [머그컵]
  expect: {source: query, refuses: false}
"""


@pytest.fixture
def read(tmp_path):
    file = tmp_path / "cases.yaml"

    def reading(text):
        file.write_text(text, encoding="utf-8")
        return read_cases(file)

    return reading


def test_the_schema_file_is_the_one_of_the_model() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == schema()


def test_cases_are_known_by_where_they_stand(read, tmp_path) -> None:
    cases = read(GOOD)
    assert list(cases) == [f"{tmp_path / 'cases.yaml'}, case {name}" for name in ("'mugs'", "'mugs-in-korean'")]
    assert [case.expect.sources for case in cases.values()] == [("query", "policy"), ("query",)]


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("{source: query}", "expect: requires nothing: give it at least one expectation"),
        ("{source: query, exists: true}", "expect: requires nothing: give it at least one expectation"),
        ("{refuses: true}", "expect: needs either requires or source, which say who asks for it"),
        ("{requires: {}, refuses: true}", "expect: needs either requires or source, which say who asks for it"),
        ("{source: query, requires: {query: {kind: mug}}}", "expect: needs either requires or source, which say who"),
        ("{source: query, exists: false, refuses: false}", "expect: exists: false needs requires: what no product"),
        ("{requires: {query: {}}}", "expect.requires.query: states nothing; give it at least one key"),
        ("{requires: {query: {kinds: mug}}}", "expect.requires.query.kinds: there is no such key"),
        ("{requires: {hearsay: {kind: mug}}}", "expect.requires.hearsay"),
        ("{source: query, shows: {unseen: true}}", "shows.unseen needs a turn before the last"),
        ("{source: query, shows: {earlier: [{turn: 1, nth: 1}]}}", "expect names turn 1, which is not before"),
        (
            "{source: query, actions: {include: [{arguments: {item_id: {turn: 2, nth: 1}}}]}}",
            "expect names turn 2, which is not before",
        ),
        ("{source: query, refuse: true}", "expect.refuse: there is no such key"),
    ],
)
def test_a_case_that_is_wrong_is_named_with_what_is_wrong(read, tmp_path, expect, message) -> None:
    with pytest.raises(EvaluationError) as raised:
        read(f"- {{id: mugs, capability: search, shopper: new, turns: [mugs], expect: {expect}}}")
    told = str(raised.value)
    assert told.startswith(f"{tmp_path / 'cases.yaml'}, case 'mugs': ")
    assert message in told
    assert "\n" not in told


def test_an_id_is_used_once(read) -> None:
    with pytest.raises(EvaluationError, match=r"case 'mugs': id: .*cases.yaml has one too"):
        read(GOOD + GOOD.replace("mugs-in-korean", "other"))


def test_some_are_chosen_by_what_they_are_tagged_with(read) -> None:
    cases = list(read(GOOD).values())
    assert [case.id for case in chosen(cases, ["cheap"], [])] == ["mugs"]
    assert [case.id for case in chosen(cases, ["ko", "cheap"], [])] == ["mugs", "mugs-in-korean"]
    assert [case.id for case in chosen(cases, ["policy"], [])] == ["mugs"], "a source is a tag"
    assert [case.id for case in chosen(cases, [], ["mugs"])] == ["mugs"]
    with pytest.raises(EvaluationError, match="no case is tagged dear; there is cheap, en, ko, policy, query, search"):
        chosen(cases, ["dear"], [])
    with pytest.raises(EvaluationError, match="there is no case 'cups'"):
        chosen(cases, [], ["cups"])
