from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.traces.replay.changing import BadChange, changes_of
from graphs.turn import Changes
from retrievers.features.descriptions import retail_descriptions

LIMITS = ("price", "price lte")


def _changes(*values: str, without: tuple[str, ...] = ()) -> Changes:
    return changes_of(values, without, retail_descriptions(), LIMITS)


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("user_profile:budget_limit=300", "user_profile:budget_limit", 300.0),
        ("budget_limit = 300", "user_profile:budget_limit", 300.0),
        ("user_behavior:favorite_category=Winter coats", "user_behavior:favorite_category", "Winter coats"),
        ('user_behavior:favorite_category="Winter coats"', "user_behavior:favorite_category", "Winter coats"),
        ("user_behavior:favorite_category=300", "user_behavior:favorite_category", "300"),
        ("excluded_materials=leather, wool", "user_profile:excluded_materials", ["leather", "wool"]),
        ('excluded_materials=["leather"]', "user_profile:excluded_materials", ["leather"]),
        ('browse_minutes={"Tents": 4}', "user_clicks_last_24h:browse_minutes", {"Tents": 4.0}),
        (
            "last_purchased_at=2026-11-01T10:00:00",
            "user_session:last_purchased_at",
            datetime(2026, 11, 1, 10, tzinfo=UTC),
        ),
    ],
)
def test_a_value_is_read_as_what_the_feature_holds(words: str, name: str, value: object) -> None:
    assert _changes(words).values == {name: value}


def test_features_and_stated_limits_can_be_left_out() -> None:
    left_out = _changes(without=("budget_limit", "price lte")).without
    assert left_out == {"user_profile:budget_limit", "price lte"}
    assert _changes("budget_limit=null") == Changes(frozenset({"user_profile:budget_limit"}))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("budgt_limit=3", "nearest are user_profile:budget_limit"),
        ("favorite_category=Tents", "user_behavior:favorite_category or user_clicks_last_24h:favorite_category"),
        ("budget_limit=much", "must hold Float64"),
        ("last_purchased_at=yesterday", "must hold a time"),
        ("item_stats:price=3", "'item_stats:price' is no feature"),
        ("budget_limit", "is no feature=value"),
        ("qqqqqqqq=1", "there are user_behavior:favorite_category"),
    ],
)
def test_what_cannot_be_set_is_told_in_a_line(words: str, told: str) -> None:
    with pytest.raises(BadChange) as refused:
        _changes(words)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_cannot_be_left_out_is_told_in_a_line() -> None:
    with pytest.raises(BadChange, match="neither a feature nor a limit that was stated; nearest are price"):
        _changes(without=("prize",))
    with pytest.raises(BadChange, match="both set and left out"):
        _changes("budget_limit=3", without=("budget_limit",))
