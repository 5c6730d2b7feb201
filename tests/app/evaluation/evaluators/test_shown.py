from __future__ import annotations

import math

from app.evaluation.evaluators.shown import retrieval, shown_products


def scores(results):
    return {each["key"]: each["score"] for each in results}


def test_retrieval_by_graded_ids(answered) -> None:
    reference = {"relevant": {"A": 3, "B": 1}}
    assert scores(retrieval({}, answered("A", "B"), reference)) == {"hit": 1, "recall": 1, "ndcg": 1, "mrr": 1}
    found = scores(retrieval({}, answered("X", "A"), reference))
    ideal = 7 + 1 / math.log2(3)
    assert found == {"hit": 1, "recall": 0.5, "ndcg": round(7 / math.log2(3) / ideal, 4), "mrr": 0.5}
    assert scores(retrieval({}, answered("X"), reference)) == {"hit": 0, "recall": 0, "ndcg": 0, "mrr": 0}
    assert set(scores(retrieval({}, answered(), reference)).values()) == {0}
    assert set(scores(retrieval({}, answered("A"), {})).values()) == {None}


def test_particular_products(answered) -> None:
    assert shown_products({}, answered("B", "A"), {"shows": {"ids": ["A", "B"]}})["score"] == 1
    assert shown_products({}, answered("A"), {"shows": {"ids": ["A", "B"]}})["score"] == 0
    assert shown_products({}, answered("A"), {})["score"] is None


def test_products_by_where_they_were_shown(answered) -> None:
    before = {"shown_before": [["A", "B"], []]}
    second = {"shows": {"earlier": [{"turn": 1, "nth": 2}]}}
    assert shown_products({}, answered("B", **before), second)["score"] == 1
    assert shown_products({}, answered("A", **before), second)["score"] == 0
    never = {"shows": {"earlier": [{"turn": 2, "nth": 1}]}}
    assert shown_products({}, answered("A", **before), never)["score"] == 0


def test_others_than_before(answered) -> None:
    others = {"shows": {"unseen": True}}
    assert shown_products({}, answered("C", shown_before=[["A", "B"]]), others)["score"] == 1
    again = shown_products({}, answered("C", "B", shown_before=[["A", "B"]]), others)
    assert (again["score"], again["comment"]) == (0, "shown again: B")
    assert shown_products({}, answered(shown_before=[["A"]]), others)["score"] == 0
    assert shown_products({}, answered("A", shown_before=[[]]), others)["score"] == 0, "nothing to compare with"
