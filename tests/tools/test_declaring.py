from __future__ import annotations

import math

import pytest

from tools.declaring import declared


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("budget_limit", 300, 300.0),
        ("onboarding_budget", 49.5, 49.5),
        ("excluded_brands", [" Arbor ", "Brisk", "Arbor"], ["Arbor", "Brisk"]),
        ("excluded_materials", [], None),
        ("sizes", {"shoes": "9", "clothes ": " M"}, {"shoes": "9", "clothes": "M"}),
        ("sizes", {}, None),
        ("onboarding_categories", None, None),
        ("budget_limit", None, None),
    ],
)
def test_what_a_shopper_may_declare(name, value, stored) -> None:
    assert declared(f"user_profile:{name}", value) == stored


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("budget_limit", "300"),
        ("budget_limit", True),
        ("budget_limit", 0),
        ("budget_limit", -5),
        ("budget_limit", math.inf),
        ("budget_limit", 1e10),
        ("budget_limit", [300]),
        ("excluded_brands", "Arbor"),
        ("excluded_brands", ["Arbor", 3]),
        ("excluded_brands", [" "]),
        ("excluded_brands", ["x" * 101]),
        ("excluded_brands", [str(n) for n in range(51)]),
        ("sizes", ["9"]),
        ("sizes", {"shoes": 9}),
        ("sizes", {"shoes": ""}),
    ],
)
def test_anything_else_is_named_with_what_is_expected(name, value) -> None:
    with pytest.raises(ValueError, match=f"^user_profile:{name}: expected .*null to erase it$"):
        declared(f"user_profile:{name}", value)


@pytest.mark.parametrize("name", ["user_behavior:favorite_category", "user_profile:mood", "budget_limit", "x" * 500])
def test_behaviour_is_not_declared(name) -> None:
    with pytest.raises(ValueError, match="one of: user_profile:budget_limit") as refused:
        declared(name, 1)
    assert len(str(refused.value)) < 400
