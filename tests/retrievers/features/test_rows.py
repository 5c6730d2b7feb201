from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from feast import FeatureView

from feature_repo.declare import Repository
from feature_repo.retail import retail
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.frames import columns_of, conform
from retrievers.features.rows import UnreadableFile, read_rows

MakeFrame = Callable[..., pd.DataFrame]
GOOD: dict[str, Any] = {
    "user_id": "u1",
    "event_timestamp": "2026-03-01T11:00:00Z",
    "click_count": 3,
    "favorite_category": "Tea",
    "browse_minutes": {"Tea": 2.5},
}


@pytest.fixture(scope="module")
def repository() -> Repository:
    return retail(FeatureStoreConfig(Path("unused")).source)


@pytest.fixture
def clicks(repository: Repository) -> FeatureView:
    return repository.view("user_clicks_last_24h")


def jsonl(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_json_lines(tmp_path: Path, clicks: FeatureView, now: datetime) -> None:
    rows = read_rows(jsonl(tmp_path / "a.jsonl", GOOD, "", {**GOOD, "user_id": "u2"}), clicks, now)
    assert (list(rows.frame["user_id"]), rows.rejected, rows.errors) == (["u1", "u2"], 0, ())
    assert rows.frame["event_timestamp"][0] == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert list(rows.frame.columns) == columns_of(clicks)
    assert conform(clicks, rows.frame)["browse_minutes"][0] == '{"Tea": 2.5}'


def test_a_gzipped_file_reads_the_same(tmp_path: Path, clicks: FeatureView, now: datetime) -> None:
    plain = jsonl(tmp_path / "a.jsonl", GOOD)
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_rows(packed, clicks, now).frame.equals(read_rows(plain, clicks, now).frame)


def test_csv_with_empty_cells_and_structures_as_json(tmp_path: Path, repository: Repository, now: datetime) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "user_id,budget_limit,excluded_brands,excluded_materials,sizes,onboarding_categories,onboarding_budget\n"
        'u1,500,"[""Acme""]",,"{""shoe"": ""42""}",,\n',
        encoding="utf-8",
    )
    view = repository.view("user_profile")
    rows = read_rows(path, view, now)
    assert rows.errors == ()
    row = conform(view, rows.frame).iloc[0]
    assert (row["budget_limit"], row["excluded_brands"], row["sizes"]) == (500.0, ["Acme"], '{"shoe": "42"}')
    assert row["excluded_materials"] is None
    assert row["event_timestamp"] == now


@pytest.mark.parametrize(
    "view", ["user_behavior", "user_clicks_last_24h", "user_session", "user_profile", "item_stats"]
)
def test_a_history_can_be_pushed(
    tmp_path: Path, repository: Repository, make_frame: MakeFrame, now: datetime, view: str
) -> None:
    declared = repository.view(view)
    path = tmp_path / "history.parquet"
    conform(declared, make_frame(view, "u1", timedelta(hours=1))).to_parquet(path)
    rows = read_rows(path, declared, now)
    assert (len(rows.frame), rows.errors) == (1, ())
    assert conform(declared, rows.frame).equals(conform(declared, make_frame(view, "u1", timedelta(hours=1))))


def test_parquet_with_real_structures(tmp_path: Path, clicks: FeatureView, now: datetime) -> None:
    path = tmp_path / "a.parquet"
    raw = [{**GOOD, "event_timestamp": now}, {**GOOD, "event_timestamp": now, "browse_minutes": {"Coats": 1.0}}]
    pd.DataFrame(raw).to_parquet(path)
    rows = read_rows(path, clicks, now)
    assert list(rows.frame["browse_minutes"]) == [{"Tea": 2.5}, {"Coats": 1.0}]


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ("{broken", "line 2: not a JSON object"),
        ("7", "line 2: not a JSON object"),
        ("[" * 100_000, "line 2: not a JSON object"),
        ({**GOOD, "click_count": "many"}, "line 2: click_count: Input should be a valid integer"),
        ({**GOOD, "user_id": ""}, "line 2: user_id: String should have at least 1 character"),
        ({**GOOD, "user_id": None}, "line 2: user_id: Input should be a valid string"),
        ({**GOOD, "mood": "sunny"}, "line 2: mood: Extra inputs are not permitted"),
        ({key: GOOD[key] for key in ("user_id", "click_count")}, "line 2: favorite_category: Field required"),
        ({**GOOD, "browse_minutes": {"Tea": "long"}}, "line 2: browse_minutes.Tea: Input should be a valid number"),
        ({**GOOD, "browse_minutes": "{"}, "line 2: browse_minutes: Value error"),
        ({**GOOD, "event_timestamp": "2026-03-01T11:00:00"}, "line 2: event_timestamp: Input should have timezone"),
        ({**GOOD, "event_timestamp": "2026-03-01T12:06:00Z"}, "line 2: event_timestamp: is in the future"),
    ],
)
def test_a_malformed_row_is_counted_and_its_neighbours_kept(
    tmp_path: Path, clicks: FeatureView, now: datetime, bad: Any, error: str
) -> None:
    rows = read_rows(jsonl(tmp_path / "a.jsonl", GOOD, bad, GOOD), clicks, now)
    assert (len(rows.frame), rows.rejected) == (2, 1)
    assert rows.errors[0].startswith(error)
    assert "\n" not in rows.errors[0]


def test_numbers_must_be_finite(tmp_path: Path, repository: Repository, now: datetime) -> None:
    row = '{"product_id": "A", "price": Infinity, "stock": 1, "rating": NaN, "rating_count": 1, "popularity": 0.5}'
    rows = read_rows(jsonl(tmp_path / "a.jsonl", row), repository.view("item_stats"), now)
    assert rows.errors == ("line 1: price: Input should be a finite number",)
    rows = read_rows(jsonl(tmp_path / "a.jsonl", row.replace("Infinity", "2")), repository.view("item_stats"), now)
    assert rows.frame["rating"][0] is None


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("price", -1, "price: Input should be greater than or equal to 0"),
        ("stock", -1, "stock: Input should be greater than or equal to 0"),
        ("stock", 2**63, "stock: Input should be less than 9223372036854775808"),
        ("rating", 5.5, "rating: Input should be less than or equal to 5"),
    ],
)
def test_figures_keep_the_bounds_of_their_unit(
    tmp_path: Path, repository: Repository, now: datetime, name: str, value: float, error: str
) -> None:
    row = {"product_id": "A", "price": 0, "stock": 2**63 - 1, "rating": 5, "rating_count": 0, "popularity": 0.5}
    rows = read_rows(jsonl(tmp_path / "a.jsonl", row, {**row, name: value}), repository.view("item_stats"), now)
    assert (len(rows.frame), rows.errors) == (1, (f"line 2: {error}",))


def test_only_the_first_errors_are_shown(tmp_path: Path, clicks: FeatureView, now: datetime) -> None:
    rows = read_rows(jsonl(tmp_path / "a.jsonl", *["x"] * 20), clicks, now)
    assert (rows.rejected, len(rows.errors), len(rows.frame)) == (20, 5, 0)


def test_a_csv_of_a_spreadsheet_in_another_country(tmp_path: Path, clicks: FeatureView, now: datetime) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\ufeffuser_id;click_count;favorite_category;browse_minutes\nu1;1;Tea, loose;\n")
    rows = read_rows(path, clicks, now)
    assert (list(rows.frame["favorite_category"]), rows.errors) == (["Tea, loose"], ())


def test_a_csv_row_with_too_many_cells(tmp_path: Path, clicks: FeatureView, now: datetime) -> None:
    path = tmp_path / "a.csv"
    path.write_text("user_id,click_count,favorite_category,browse_minutes\nu1,1,Tea,,surplus\nu2,1,Tea,\n")
    rows = read_rows(path, clicks, now)
    assert (list(rows.frame["user_id"]), rows.errors) == (["u2"], ("line 2: more cells than the header has",))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.jsonl", None),
        ("wrong.xlsx", b"PK"),
        ("binary.jsonl", b"\x00\xff\xfe\x80"),
        ("binary.csv", b"\x00\xff\xfe\x80"),
        ("empty.jsonl", b" \n"),
        ("plain.jsonl.gz", b"not gzip"),
        ("cut.jsonl.gz", gzip.compress(b'{"a": 1}' * 100, mtime=0)[:-9]),
        ("rubbish.parquet", b"not parquet"),
    ],
)
def test_an_unreadable_file_is_one_line_naming_it(
    tmp_path: Path, clicks: FeatureView, now: datetime, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=name) as failure:
        read_rows(path, clicks, now)
    assert "\n" not in str(failure.value)
