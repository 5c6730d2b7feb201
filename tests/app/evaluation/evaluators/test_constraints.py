from __future__ import annotations

from app.evaluation.evaluators.constraints import constraint_satisfaction, ordering, personal_constraints

MUGS = {"requires": {"query": {"kind": "mug", "price": {"max": 25}}, "policy": {"in_stock": True}}}


def test_what_keeps_every_limit_scores_one_and_the_share_counts_else(records, answered) -> None:
    judge = constraint_satisfaction(records)
    assert judge({}, answered("A"), MUGS)["score"] == 1
    half = judge({}, answered("A", "B"), MUGS)
    assert half["score"] == 0.5
    assert half["comment"] == "B: price (30.0), in_stock (0)"


def test_the_catalogue_is_believed_and_not_the_card(records, answered) -> None:
    cheap_by_its_card = answered("C")
    assert cheap_by_its_card["products"][0]["price"] == 1.0
    assert (
        constraint_satisfaction(records)({}, cheap_by_its_card, {"requires": {"query": {"price": {"max": 25}}}})[
            "score"
        ]
        == 0
    )


def test_a_product_the_catalogue_does_not_hold_keeps_nothing(records, answered) -> None:
    result = constraint_satisfaction(records)({}, answered("X"), MUGS)
    assert (result["score"], result["comment"]) == (0, "X: not in the catalogue")


def test_nothing_shown_is_wrong_where_something_exists_and_right_where_nothing_does(records, answered) -> None:
    judge = constraint_satisfaction(records)
    assert judge({}, answered(), MUGS)["score"] == 0
    none = {**MUGS, "exists": False}
    nothing = answered(answer="There is no such mug.")
    assert judge({}, nothing, none)["score"] == 1
    assert judge({"lang": "ko"}, answered(answer="그런 상품이 없습니다."), none)["score"] == 1
    assert judge({"lang": "ko"}, nothing, none)["score"] == 0
    assert judge({}, answered(answer="Shipping is free."), none)["score"] == 0, "the shopper asked for mugs"
    assert judge({}, answered("A", answer="There is no such mug."), none)["score"] == 0
    assert judge({}, answered(answer=""), none)["score"] == 0, "silence is no way to say that nothing keeps them"


def test_a_wrong_number_of_products_is_wrong_altogether(records, answered) -> None:
    judge = constraint_satisfaction(records)
    assert judge({}, answered("A"), {**MUGS, "count": {"min": 2}})["score"] == 0
    assert judge({}, answered("A"), {**MUGS, "count": {"max": 1}})["score"] == 1
    assert judge({}, answered(), {"count": {"max": 0}})["score"] == 1
    assert judge({}, answered(answer=""), {"count": {"max": 0}})["score"] == 0
    assert judge({}, answered("A"), {"count": {"max": 0}})["score"] == 0


def test_the_shelf_of_the_case_counts(records, answered) -> None:
    sold_out = {"given": {"shelf": {"A": {"stock": 0}}}}
    assert constraint_satisfaction(records)(sold_out, answered("A"), MUGS)["score"] == 0
    assert constraint_satisfaction(records)({}, answered("A"), MUGS)["score"] == 1


def test_nothing_required_is_not_applicable(records, answered) -> None:
    assert constraint_satisfaction(records)({}, answered("A"), {})["score"] is None
    assert all(each["score"] is None for each in personal_constraints(records)({}, answered("A"), {}))
    assert ordering(records)({}, answered("A"), {})["score"] is None


def test_limits_are_counted_by_who_asks(records, answered) -> None:
    found = {each["key"]: each["score"] for each in personal_constraints(records)({}, answered("A", "B"), MUGS)}
    assert found == {
        "personal_constraints_query": 0.75,  # kind twice, price once
        "personal_constraints_profile": None,
        "personal_constraints_clarification": None,
        "personal_constraints_policy": 0.5,
        "personal_constraints": 0.6667,
    }


def test_nothing_shown_keeps_no_personal_limit(records, answered) -> None:
    found = {each["key"]: each["score"] for each in personal_constraints(records)({}, answered(), MUGS)}
    assert found["personal_constraints"] == found["personal_constraints_query"] == 0


def test_order(records, answered) -> None:
    judge = ordering(records)
    assert judge({}, answered("A", "B", "C"), {"order_by": "price"})["score"] == 1
    assert judge({}, answered("A", "C", "B"), {"order_by": "price"})["score"] == 0.5
    assert judge({}, answered("A", "B"), {"order_by": "-rating"})["score"] == 1
    assert judge({}, answered("A"), {"order_by": "price"})["score"] == 0, "one product is no order"
    assert judge({}, answered("A", "C"), {"order_by": "rating"})["score"] == 0, "an unknown figure is no order"
