from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from retrievers.features.config import FeatureStoreConfig
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.reader import FeastFeatureSource
from retrievers.features.store import FeastStore


async def test_no_items_need_no_store(tmp_path: Path, now: datetime) -> None:
    unapplied = FeastFeatureSource(FeastStore(FeatureStoreConfig(tmp_path)))
    assert await unapplied.items([], now) == {}


async def test_a_store_never_applied_says_what_to_do_and_recovers(tmp_path: Path, now: datetime) -> None:
    config = FeatureStoreConfig(tmp_path)
    source = FeastFeatureSource(FeastStore(config))
    with pytest.raises(FeaturesUnavailable, match="run `shelfwise features apply`"):
        await source.shopper("anyone", now)
    FeastStore(config).apply()
    assert await source.shopper("anyone", now)


async def test_a_store_that_is_down_is_one_line(tmp_path: Path, now: datetime) -> None:
    FeastStore(FeatureStoreConfig(tmp_path)).apply()
    down = FeastFeatureSource(FeastStore(FeatureStoreConfig(tmp_path, "127.0.0.1:1")))
    with pytest.raises(FeaturesUnavailable, match="refused") as failure:
        await down.shopper("anyone", now)
    assert "\n" not in str(failure.value)


async def test_a_broken_online_file_is_one_line(tmp_path: Path, now: datetime) -> None:
    config = FeatureStoreConfig(tmp_path)
    FeastStore(config).apply()
    for file in tmp_path.glob("online.db*"):
        file.unlink()
    config.online_db.write_bytes(b"not a database" * 1000)
    with pytest.raises(FeaturesUnavailable, match="not a database"):
        await FeastFeatureSource(FeastStore(config)).shopper("anyone", now)
