"""The small shop as the app opens it: the parts `app.runtime` wires, whatever the environment offers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.assembly import Shop
from app.runtime import open_shop
from app.settings import Settings
from tests.support.small_shop import build_small_shop


@contextmanager
def opened_small_shop(data: Path, models: Path) -> Iterator[Shop]:
    """Built anew in `data`; waits for features longer than a shopper would, so that a busy machine changes nothing."""
    build_small_shop(data, datetime.now(UTC), models)
    with open_shop(unhurried(data)) as shop:
        yield shop


def unhurried(data: Path) -> Settings:
    patience = {"feature_deadline_ms": 10_000, "branch_timeout_ms": 60_000}
    return Settings(data=data, openai_api_key=None, redis_url=None, qdrant_url=None, features="feast", **patience)
