from __future__ import annotations

import pytest

from app.evaluation.evaluators.facts import told_facts


@pytest.mark.parametrize(
    ("field", "answer", "told"),
    [
        ("capacity_ml", "It holds 1,200 ml [1].", 1),
        ("capacity_ml", "It holds 1200.0 ml.", 1),
        ("capacity_ml", "It holds 11200 ml, or 120.", 0),
        ("price", "It costs $20.00, rated 4 stars.", 1),
        ("price", "It costs $20.50.", 0),
        ("rating", "It is rated 4.5 stars.", 1),
        ("rating", "It is rated 5 stars.", 0),
        ("stars", "It is rated 4.8 stars.", 1),
        ("stars", "It is rated 4.9 stars, or 5.", 0),
        ("material", "It is made of Stainless  Steel.", 1),
        ("material", "It is made of steel.", 0),
        ("unheard_of", "Anything", 0),
        ("insulated", "True", 0),
    ],
)
def test_a_field_is_told_by_its_value(records, field, answer, told) -> None:
    wanted = {"tells": [{"product": "A", "field": field}]}
    assert told_facts(records)({}, {"answer": answer}, wanted)["score"] == told


def test_a_page_is_told_by_one_of_its_wordings(records) -> None:
    wanted = {"tells": [{"source": "/policies/returns", "says": ["30 days", "30일"]}]}
    assert told_facts(records)({}, {"answer": "Within 30 Days [1]."}, wanted)["score"] == 1
    missed = told_facts(records)({}, {"answer": "Within a month."}, wanted)
    assert (missed["score"], missed["comment"]) == (0, "/policies/returns: does not say 30 days or 30일")


def test_the_share_counts_and_nothing_asked_is_not_applicable(records) -> None:
    wanted = {"tells": [{"product": "A", "field": "price"}, {"product": "B", "field": "price"}]}
    assert told_facts(records)({}, {"answer": "$20"}, wanted)["score"] == 0.5
    assert told_facts(records)({}, {"answer": "$20"}, {})["score"] is None


def test_the_price_of_the_case_is_the_one_to_tell(records) -> None:
    inputs = {"given": {"shelf": {"A": {"price": 25.0}}}}
    wanted = {"tells": [{"product": "A", "field": "price"}]}
    assert told_facts(records)(inputs, {"answer": "$25.00"}, wanted)["score"] == 1
    assert told_facts(records)(inputs, {"answer": "$20.00"}, wanted)["score"] == 0
