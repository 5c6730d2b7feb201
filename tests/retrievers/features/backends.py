"""Every store features can be kept in, behind the two things tests do with one: write frames, and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from retrievers.features.config import FeatureStoreConfig
from retrievers.features.protocol import FeatureSource
from retrievers.features.reader import FeastFeatureSource
from retrievers.features.redis_hash_writer import RedisHashWriter
from retrievers.features.redis_hashes import RedisHashFeatureSource, connect
from retrievers.features.store import FeastStore

BACKENDS = ("feast-sqlite", "feast-redis", "redis-hashes")
SHOPPER_VIEWS = ("user_behavior", "user_clicks_last_24h", "user_session", "user_profile", "user_purchases")


@dataclass(frozen=True)
class Backend:
    write: Callable[[str, pd.DataFrame], None]
    source: FeatureSource


def open_backend(name: str, root: Path, redis_url: str) -> Backend:
    """`redis_url` without its database: each backend has one of its own."""
    if name == "redis-hashes":
        client = connect(f"{redis_url}/1")
        return Backend(RedisHashWriter(client).write_online, RedisHashFeatureSource(client))
    store = FeastStore(FeatureStoreConfig(root / name, f"{redis_url}/2" if name == "feast-redis" else None))
    store.apply()
    return Backend(store.push, FeastFeatureSource(store))
