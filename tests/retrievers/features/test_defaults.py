from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from retrievers.features.averages import SMALLEST_SEGMENT, compute_defaults
from retrievers.features.defaults import StoredDefaults

MakeFrame = Callable[..., pd.DataFrame]
AVERAGE, CATEGORY, SENSITIVITY, PURCHASES = (
    f"user_behavior:{feature}"
    for feature in ("avg_order_value", "favorite_category", "price_sensitivity_score", "total_purchases_30d")
)


@pytest.fixture
def behavior(make_frame: MakeFrame) -> pd.DataFrame:
    """Six runners who spend 100, ten cooks who spend 20, and one lone reader who spends 1,000."""
    crowd = [("Running", 100.0, 4)] * 6 + [("Kitchen", 20.0, 1)] * 10 + [("Books", 1000.0, 9)]
    rows = [
        make_frame(
            "user_behavior", f"u{n}", favorite_category=category, avg_order_value=average, total_purchases_30d=purchases
        )
        for n, (category, average, purchases) in enumerate(crowd)
    ]
    return pd.concat(rows, ignore_index=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "defaults.db"


def test_a_shopper_of_a_segment_gets_its_means(behavior: pd.DataFrame, path: Path) -> None:
    report = compute_defaults({"user_behavior": behavior}, path)
    assert (report.shoppers, report.segments) == (17, 2)
    features, level = StoredDefaults(path).for_shopper("u0")
    assert level == "segment"
    assert (features[AVERAGE].value, features[CATEGORY].value, features[PURCHASES].value) == (100.0, "Running", 4)
    assert {features[name].status for name in (AVERAGE, CATEGORY, SENSITIVITY, PURCHASES)} == {"default"}
    assert features[AVERAGE].readable


@pytest.mark.parametrize("user", ["stranger", "u16"])
def test_strangers_and_tiny_segments_get_the_population(behavior: pd.DataFrame, path: Path, user: str) -> None:
    compute_defaults({"user_behavior": behavior}, path)
    features, level = StoredDefaults(path).for_shopper(user)
    assert level == "population"
    assert features[AVERAGE].value == pytest.approx((600 + 200 + 1000) / 17)
    assert features[CATEGORY].value == "Kitchen"
    assert features[PURCHASES].value == round((24 + 10 + 9) / 17)


def test_without_a_file_the_shipped_values_serve(path: Path) -> None:
    features, level = StoredDefaults(path).for_shopper("u0")
    assert level == "shipped"
    assert {name: value.value for name, value in features.items() if value.status == "default"} == {
        SENSITIVITY: 0.5,
        PURCHASES: 0,
    }


def test_a_broken_file_counts_as_none(path: Path) -> None:
    path.write_bytes(b"rubbish" * 500)
    assert StoredDefaults(path).for_shopper("u0")[1] == "shipped"


def test_nothing_declared_or_personal_is_ever_assumed(
    behavior: pd.DataFrame, make_frame: MakeFrame, path: Path
) -> None:
    views = ("user_profile", "user_session", "user_clicks_last_24h", "user_purchases")
    frames = {view: pd.concat([make_frame(view, f"u{n}") for n in range(17)]) for view in views}
    compute_defaults({"user_behavior": behavior, **frames}, path)
    for user in ("u0", "stranger"):
        features, _ = StoredDefaults(path).for_shopper(user)
        assert len(features) == 23
        assumed = {name for name, value in features.items() if value.status != "missing"}
        assert assumed == {AVERAGE, CATEGORY, SENSITIVITY, PURCHASES}
        assert all(value.value is None for name, value in features.items() if name not in assumed)


def test_nulls_are_left_out_of_a_mean(behavior: pd.DataFrame, path: Path) -> None:
    behavior.loc[0, "avg_order_value"] = None
    behavior.loc[0, "total_purchases_30d"] = None
    compute_defaults({"user_behavior": behavior}, path)
    features, _ = StoredDefaults(path).for_shopper("u0")
    assert (features[AVERAGE].value, features[PURCHASES].value) == (100.0, 4)
    assert isinstance(features[PURCHASES].value, int)


def test_a_value_the_segment_lacks_comes_from_the_population(behavior: pd.DataFrame, path: Path) -> None:
    behavior.loc[behavior.favorite_category == "Running", "avg_order_value"] = None
    compute_defaults({"user_behavior": behavior}, path)
    features, level = StoredDefaults(path).for_shopper("u0")
    assert level == "segment"
    assert features[AVERAGE].value == pytest.approx(1200 / 11)


def test_only_the_newest_row_of_a_shopper_counts(behavior: pd.DataFrame, make_frame: MakeFrame, path: Path) -> None:
    old = make_frame("user_behavior", "u0", timedelta(days=9), favorite_category="Books", avg_order_value=9e9)
    compute_defaults({"user_behavior": pd.concat([behavior, old])}, path)
    assert StoredDefaults(path).for_shopper("u0")[0][AVERAGE].value == 100.0


def test_a_new_computation_is_seen_by_those_who_already_read(behavior: pd.DataFrame, path: Path) -> None:
    compute_defaults({"user_behavior": behavior}, path)
    reader = StoredDefaults(path)
    assert reader.for_shopper("u0")[0][AVERAGE].value == 100.0
    compute_defaults({"user_behavior": behavior.assign(avg_order_value=55.0)}, path)
    assert reader.for_shopper("u0")[0][AVERAGE].value == 55.0
    assert [file.name for file in path.parent.iterdir()] == ["defaults.db"]


def test_a_segment_of_the_smallest_size_counts_and_one_below_does_not(make_frame: MakeFrame, path: Path) -> None:
    rows = [make_frame("user_behavior", f"a{n}", favorite_category="Tea") for n in range(SMALLEST_SEGMENT)]
    rows += [make_frame("user_behavior", f"b{n}", favorite_category="Maps") for n in range(SMALLEST_SEGMENT - 1)]
    compute_defaults({"user_behavior": pd.concat(rows)}, path)
    defaults = StoredDefaults(path)
    assert (defaults.for_shopper("a0")[1], defaults.for_shopper("b0")[1]) == ("segment", "population")


def test_a_history_that_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(ValueError, match="no history of user_behavior"):
        compute_defaults({}, path)
