from __future__ import annotations

from app.evaluation.evaluators.personalisation import used_features, wrong_personalisation

BUDGET, BRAND = "user_profile:budget_limit", "user_session:last_viewed_brand"
OWN = {"features": {"known": {BUDGET: 500.0, BRAND: "Osprine"}}}


def feature(name, value, status="online", used=True):
    return {"name": name, "value": value, "status": status, "used": used}


def outputs(*features, cited=()):
    return {"features": list(features), "citations": [{"marker": "F1", "id": name} for name in cited]}


def rate(said, reference=OWN):
    return wrong_personalisation({}, said, reference)["score"]


def test_the_shoppers_own_facts_are_right() -> None:
    assert rate(outputs(feature(BUDGET, 500.0), feature(BRAND, "Osprine", used=False), cited=[BRAND])) == 0


def test_somebody_elses_facts_are_wrong() -> None:
    assert rate(outputs(feature(BUDGET, 80.0), feature(BRAND, "Osprine"))) == 0.5


def test_a_fact_that_may_not_be_used_is_wrong() -> None:
    reference = {"features": {**OWN["features"], "may": [BRAND]}}
    assert rate(outputs(feature(BUDGET, 500.0)), reference) == 1


def test_a_default_may_decide_and_may_not_be_cited_as_the_shoppers_own() -> None:
    typical = feature("user_behavior:favorite_category", "Running", "default")
    assert rate(outputs(typical)) == 0
    assert rate(outputs(typical), {"features": {**OWN["features"], "may": []}}) == 0
    said = outputs(
        feature("user_behavior:favorite_category", "Running", "default"), cited=["user_behavior:favorite_category"]
    )
    assert rate(said) == 1


def test_a_cited_fact_that_was_never_read_is_wrong() -> None:
    assert rate(outputs(cited=[BUDGET])) == 1


def test_nothing_personal_is_not_applicable() -> None:
    assert rate(outputs(feature(BUDGET, 500.0, used=False))) is None
    assert rate(outputs(feature(BUDGET, 500.0)), {}) is None


def test_what_had_to_be_used() -> None:
    reference = {"features": {"must": [BUDGET, BRAND]}}
    half = used_features({}, outputs(feature(BUDGET, 500.0), feature(BRAND, "Osprine", used=False)), reference)
    assert (half["score"], half["comment"]) == (0.5, f"not used: {BRAND}")
    assert used_features({}, outputs(feature(BUDGET, 500.0), feature(BRAND, "Osprine")), reference)["score"] == 1
    assert used_features({}, outputs(), OWN)["score"] is None
