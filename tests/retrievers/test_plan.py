from __future__ import annotations

from dataclasses import replace

from retrievers.plan import make_plan, own_taste, relax, without_feature
from retrievers.reading import Vocabulary, read_request
from retrievers.records import FilterItem, FilterPlan, Reading
from tests.support.builders import features, open_reading, product_reading


def _honoured(plan: FilterPlan) -> set[tuple[str, str, str]]:
    return {(item.field, item.op, item.origin) for item in plan.honoured}


def test_declared_limits_hold_whatever_is_asked() -> None:
    known = features(
        user_profile__budget_limit=500.0,
        user_profile__excluded_brands=["Acme"],
        user_profile__excluded_materials=["wool"],
    )
    for reading in (open_reading(), product_reading()):
        assert {("price", "lte", "declared"), ("brand", "not_in", "declared"), ("material", "not_in", "declared")} <= (
            _honoured(make_plan(reading, known))
        )


def test_a_stated_limit_replaces_the_declared_one_on_the_same_field_and_says_so() -> None:
    reading = read_request("coat under 800", Vocabulary())
    plan = make_plan(reading, features(user_profile__budget_limit=500.0))
    assert ("price", "lte", "stated") in _honoured(plan)
    assert ("price", "lte", "declared") not in _honoured(plan)
    assert [(item.field, item.value) for item in plan.dropped] == [("price", 500.0)]
    assert plan.dropped[0].reason


def test_a_stated_floor_replaces_a_declared_ceiling_too_since_both_may_not_be_possible() -> None:
    reading = read_request("coat over 600", Vocabulary())
    plan = make_plan(reading, features(user_profile__budget_limit=500.0, user_profile__excluded_brands=["Acme"]))
    assert {item for item in _honoured(plan) if item[0] == "price"} == {("price", "gte", "stated")}
    assert ("brand", "not_in", "declared") in _honoured(plan)


def test_behaviour_filters_open_questions_only() -> None:
    known = features(user_behavior__favorite_category="Coats", user_behavior__avg_order_value=100.0)
    assert ("category", "in", "behavioural") in _honoured(make_plan(open_reading(), known))
    ceiling = next(item for item in make_plan(open_reading(), known).honoured if item.field == "price")
    assert ceiling.value == 150.0
    assert not any(item.origin == "behavioural" for item in make_plan(product_reading(), known).honoured)


def test_other_peoples_averages_never_narrow_a_search() -> None:
    known = features("default", user_behavior__favorite_category="Coats", user_behavior__avg_order_value=100.0)
    assert {item.origin for item in make_plan(open_reading(), known).honoured} == {"policy"}


def test_stale_values_decide_nothing() -> None:
    known = features("stale", user_profile__budget_limit=500.0, user_behavior__favorite_category="Coats")
    assert {item.origin for item in make_plan(open_reading(), known).honoured} == {"policy"}


def test_unread_features_are_listed_as_dropped() -> None:
    plan = make_plan(open_reading(), None)
    assert [(item.origin, item.reason) for item in plan.dropped] == [("declared", "unreadable")]


def test_policy_questions_filter_nothing() -> None:
    reading = read_request("what is your return policy?", Vocabulary())
    assert make_plan(reading, features(user_profile__budget_limit=5.0)) == FilterPlan()


def test_only_behavioural_conditions_relax_price_first() -> None:
    known = features(
        user_behavior__favorite_category="Coats", user_behavior__avg_order_value=100.0, user_profile__budget_limit=500.0
    )
    plan = make_plan(open_reading(), known)
    fields = []
    while (looser := relax(plan)) is not None:
        plan = looser
        fields.append(plan.relaxed[-1].field)
    assert fields == ["price", "category"]
    assert {("price", "lte", "declared"), ("stock", "gte", "policy")} == _honoured(plan)


def test_leaving_a_feature_out_leaves_out_its_conditions_alone() -> None:
    known = features(user_profile__budget_limit=500.0, user_behavior__favorite_category="Coats")
    plan = make_plan(open_reading(), known)
    rest = without_feature(plan, "user_profile:budget_limit")
    assert {item.feature for item in plan.honoured} - {item.feature for item in rest.honoured} == {
        "user_profile:budget_limit"
    }


def test_a_shop_without_a_field_says_what_cannot_be_kept() -> None:
    known = features(user_profile__budget_limit=500.0, user_profile__excluded_brands=["Acme"])
    reading = replace(product_reading(), limits=(FilterItem("rating", "gte", 4.0, "stated", "4 stars"),))
    plan = make_plan(reading, known, fields={"title", "stock"})
    assert _honoured(plan) == {("stock", "gte", "policy")}
    assert {item.field: item.reason.split(": ")[-1] for item in plan.dropped} == {
        "price": "this shop gives no prices",
        "brand": "this shop does not name brands",
        "rating": "this shop has no ratings",
    }


def test_a_shop_that_does_not_say_what_it_states_keeps_every_limit() -> None:
    plan = make_plan(product_reading(), features(user_profile__budget_limit=500.0), fields=None)
    assert ("price", "lte", "declared") in _honoured(plan)


def test_ruling_out_one_brand_does_not_let_another_in() -> None:
    reading = replace(product_reading(), limits=(FilterItem("brand", "not_in", ("bolt",), "stated"),))
    plan = make_plan(reading, features(user_profile__excluded_brands=["Acme"]))
    assert {item.value for item in plan.honoured if item.field == "brand"} == {("bolt",), ("acme",)}


def test_what_could_not_be_read_is_listed() -> None:
    missed = FilterItem("mass", "lte", 2.0, "stated", "under 2 kg: no product here says so", unit="kg")
    assert make_plan(replace(product_reading(), unread=(missed,)), {}).dropped == (missed,)


def test_a_presents_receiver_has_tastes_of_their_own() -> None:
    known = features(
        user_behavior__favorite_category="Coats", user_behavior__avg_order_value=100.0, user_profile__budget_limit=90.0
    )
    plan = make_plan(replace(open_reading(), recipient="wife"), known)
    assert {item.origin for item in plan.honoured} == {"declared", "policy"}


def test_somebody_elses_present_is_ordered_by_limits_alone() -> None:
    known = features(user_behavior__favorite_category="Coats", user_profile__budget_limit=90.0)
    assert own_taste(open_reading(), known) == known
    assert set(own_taste(replace(open_reading(), recipient="wife"), known)) == {"user_profile:budget_limit"}


def test_courtesies_filter_nothing() -> None:
    reading = Reading("hello", "courtesy", "", courtesy="greeting")
    assert make_plan(reading, features(user_profile__budget_limit=5.0)) == FilterPlan()
