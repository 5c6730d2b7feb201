from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from app.cli.features import features_app
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.defaults import StoredDefaults
from retrievers.features.reader import FeastFeatureSource
from retrievers.features.redis_hashes import RedisHashFeatureSource, connect
from retrievers.features.store import FeastStore
from tests.support.redis_server import running_redis

NOW = datetime.now(UTC)
ITEM = {"product_id": "A", "price": 9.5, "stock": 2, "rating": None, "rating_count": 0, "popularity": 0.1}


@dataclass(frozen=True)
class Settings:
    data: Path
    redis_url: str | None = None
    features: str = "feast"


def run(data: Path, *arguments: str, redis_url: str | None = None, features: str = "feast") -> Result:
    parent = typer.Typer()
    parent.add_typer(features_app, name="features")

    @parent.callback()
    def settings(ctx: typer.Context) -> None:
        ctx.obj = Settings(data, redis_url, features)

    return CliRunner().invoke(parent, ["features", *arguments], catch_exceptions=False)


def reported(result: Result) -> dict[str, Any]:
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def history(data: Path, shoppers: int = 8) -> FeastStore:
    store = FeastStore(FeatureStoreConfig(data / "features"))
    frame = pd.DataFrame({"user_id": [f"u{number}" for number in range(shoppers)]}).assign(
        event_timestamp=NOW - timedelta(hours=1),
        favorite_category="Tea",
        avg_order_value=12.5,
        total_purchases_30d=2,
        last_viewed_brand=None,
        price_sensitivity_score=0.9,
    )
    store.write_offline("user_behavior", frame)
    return store


def test_apply_reports_what_was_registered(tmp_path: Path) -> None:
    result = run(tmp_path, "apply", "--json")
    assert result.exit_code == 0
    assert reported(result) == {
        "views": [
            "user_behavior",
            "user_clicks_last_24h",
            "user_session",
            "user_profile",
            "user_purchases",
            "item_stats",
            "item_purchases",
        ],
        "features": 32,
    }
    assert {file.name for file in (tmp_path / "features").iterdir()} >= {"registry.db", "online.db"}


def test_materialize_makes_the_history_readable(tmp_path: Path) -> None:
    history(tmp_path)
    result = run(tmp_path, "materialize", "--json")
    assert (result.exit_code, reported(result)["views"]) == (0, ["user_behavior"])
    source = FeastFeatureSource(FeastStore(FeatureStoreConfig(tmp_path / "features")))
    features = asyncio.run(source.shopper("u3", NOW))
    assert features["user_behavior:avg_order_value"].value == 12.5


def test_materialize_refuses_a_time_that_runs_backwards(tmp_path: Path) -> None:
    result = run(tmp_path, "materialize", "--start", "2026-02-01", "--end", "2026-01-01")
    assert result.exit_code == 2
    assert "is not before --end" in result.stderr


def test_push_counts_what_it_leaves_out(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text("\n".join([json.dumps(ITEM), "{broken", json.dumps({**ITEM, "product_id": "B", "price": "dear"})]))
    result = run(tmp_path, "push", str(file), "--view", "item_stats", "--json")
    assert result.exit_code == 0
    report = reported(result)
    assert report.pop("errors") == [
        "line 2: not a JSON object",
        "line 3: price: Input should be a valid number, unable to parse string as a number",
    ]
    assert report == {"view": "item_stats", "rows": 3, "written": 1, "rejected": 2}
    source = FeastFeatureSource(FeastStore(FeatureStoreConfig(tmp_path / "features")))
    items = asyncio.run(source.items(["A", "B"], datetime.now(UTC)))
    assert [(item.product_id, item.price, item.rating) for item in items.values()] == [("A", 9.5, None)]


def test_push_of_nothing_usable_is_partial(tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("product_id,price\nA,1\n")
    result = run(tmp_path, "push", str(file), "--view", "item_stats")
    assert result.exit_code == 3
    assert "line 2: stock: Field required" in result.stdout


@pytest.mark.parametrize(
    ("name", "view", "message"),
    [
        ("absent.jsonl", "item_stats", "absent.jsonl: No such file or directory"),
        ("rubbish.bin", "item_stats", "rubbish.bin: not .jsonl, .csv or .parquet"),
        ("rubbish.parquet", "item_stats", "rubbish.parquet: "),
        ("items.jsonl", "user_mood", "unknown feature view 'user_mood'; one of: user_behavior"),
    ],
)
def test_rubbish_is_one_line_on_stderr(tmp_path: Path, name: str, view: str, message: str) -> None:
    (tmp_path / "rubbish.bin").write_bytes(b"\x00\xff")
    (tmp_path / "rubbish.parquet").write_bytes(b"\x00\xff")
    (tmp_path / "items.jsonl").write_text(json.dumps(ITEM))
    result = run(tmp_path, "push", str(tmp_path / name), "--view", view, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_defaults_are_computed_from_the_history(tmp_path: Path) -> None:
    store = history(tmp_path)
    report = reported(run(tmp_path, "defaults", "--json"))
    assert (report["shoppers"], report["segments"]) == (8, 1)
    assert report["population"]["user_behavior:price_sensitivity_score"] == pytest.approx(0.9)
    features, level = StoredDefaults(store.config.defaults_db).for_shopper("u1")
    assert (level, features["user_behavior:total_purchases_30d"].value) == ("segment", 2)


def test_defaults_without_a_history_say_so(tmp_path: Path) -> None:
    result = run(tmp_path, "defaults")
    assert (result.exit_code, result.stderr) == (
        2,
        "no history of user_behavior: load it before computing defaults\n",
    )


@pytest.mark.parametrize(
    ("url", "message"), [("http://cache", "not a Redis address"), ("127.0.0.1:1", "Connection refused")]
)
def test_a_redis_that_cannot_be_used_is_one_line(tmp_path: Path, url: str, message: str) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(json.dumps(ITEM))
    result = run(tmp_path, "push", str(file), "--view", "item_stats", redis_url=url)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.strip().count("\n") == 0


async def test_rows_go_to_plain_hashes_where_a_shop_keeps_those(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text("\n".join([json.dumps(ITEM), json.dumps({**ITEM, "product_id": "B", "stock": "many"})]))
    with running_redis(tmp_path) as url:
        result = run(
            tmp_path, "push", str(file), "--view", "item_stats", "--json", redis_url=url, features="redis-hashes"
        )
        items = await RedisHashFeatureSource(connect(url)).items(["A", "B"], NOW)
    assert result.exit_code == 0
    assert (reported(result)["written"], reported(result)["rejected"]) == (1, 1)
    assert {key: (item.price, item.stock) for key, item in items.items()} == {"A": (9.5, 2)}
    assert not (tmp_path / "features").exists()


@pytest.mark.parametrize("command", ["apply", "materialize", "defaults"])
def test_what_plain_hashes_cannot_do_says_what_they_can(tmp_path: Path, command: str) -> None:
    result = run(tmp_path, command, redis_url="127.0.0.1:1", features="redis-hashes")
    assert result.exit_code == 2
    assert "shelfwise features push" in result.stderr


def test_orders_become_what_is_known_of_shoppers_and_products(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    rows = ["1,ann,tea,Green tea,2026-01-01", "1,ann,cup,Cup,2026-01-01", "2,ann,tea,Green tea,2026-01-09"]
    file.write_text("\n".join(["order_id,user_id,sku,title,date", *rows, "3,ann,tea,Green tea,2999-01-01"]))
    result = run(tmp_path, "purchases", str(file), "--json")
    assert result.exit_code == 0, result.stderr
    assert reported(result) == {"rows": 4, "kept": 4, "orders": 3, "user_purchases": 1, "item_purchases": 2}
    source = FeastFeatureSource(FeastStore(FeatureStoreConfig(tmp_path / "features")))
    ann = asyncio.run(source.shopper("ann", datetime.now(UTC)))
    items = asyncio.run(source.items(["tea", "cup"], datetime.now(UTC), orders=True))
    assert ann["user_purchases:purchased_products"].value == {"tea": 2.0, "cup": 1.0}
    assert (items["tea"].repurchase_rate or 0) > (items["cup"].repurchase_rate or 0)


def test_a_file_that_is_no_list_of_orders_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_id,sku\n1,tea\n")
    result = run(tmp_path, "purchases", str(file))
    assert result.exit_code == 2
    assert "no column for shopper_id, time" in result.stderr
