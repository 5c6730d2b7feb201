"""One applied store a backend for the whole session; tests keep apart by using shoppers of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest

from retrievers.features.config import FeatureStoreConfig
from retrievers.features.reader import FeastFeatureSource
from retrievers.features.store import FeastStore
from tests.retrievers.features.backends import BACKENDS, Backend, open_backend
from tests.support.redis_server import running_redis

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

ROWS: dict[str, dict[str, Any]] = {
    "user_behavior": {
        "favorite_category": "Running",
        "avg_order_value": 84.5,
        "total_purchases_30d": 3,
        "last_viewed_brand": "Fellrun",
        "price_sensitivity_score": 0.25,
    },
    "user_clicks_last_24h": {
        "click_count": 12,
        "favorite_category": "Winter coats",
        "browse_minutes": {"Winter coats": 20, "Running shoes": 1.5},
    },
    "user_session": {
        "last_viewed_product": "RUN-0001",
        "last_viewed_brand": "Fellrun",
        "last_viewed_category": "Running shoes",
        "views_last_hour": 4,
        "cart_total": 129.0,
        "last_purchase_product": "RUN-0002",
        "last_purchase_category": "Running shoes",
        "last_purchased_at": datetime(2026, 2, 22, 9, 30, tzinfo=UTC),
    },
    "user_profile": {
        "budget_limit": 500.0,
        "excluded_brands": ["Acme", "Bolt"],
        "excluded_materials": ["leather"],
        "sizes": {"shoe": "42", "coat": "M"},
        "onboarding_categories": ["Kitchen"],
        "onboarding_budget": 80.0,
    },
    "user_purchases": {"purchased_products": {"RUN-0002": 1, "GEL-0007": 4}},
    "item_stats": {"price": 129.0, "stock": 7, "rating": 4.6, "rating_count": 31, "popularity": 0.8},
    "item_purchases": {
        "order_share": 0.02,
        "trend": 1.5,
        "repurchase_rate": 0.3,
        "bought_together": {"GEL-0007": 0.4, "SOCK-0001": 0.1},
    },
}


def frame(view: str, key: str, age: timedelta = timedelta(), **changes: Any) -> pd.DataFrame:
    """One row of a view, `age` before NOW, with some of its values changed."""
    join_key = "product_id" if view.startswith("item_") else "user_id"
    return pd.DataFrame([{join_key: key, "event_timestamp": NOW - age, **ROWS[view], **changes}])


@pytest.fixture(scope="session")
def make_frame() -> Callable[..., pd.DataFrame]:
    return frame


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield f"{server}/0"


@pytest.fixture(scope="session", params=["sqlite", "redis"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FeastStore:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    opened = FeastStore(FeatureStoreConfig(tmp_path_factory.mktemp(request.param), url))
    opened.apply()
    return opened


@pytest.fixture(scope="session")
def source(store: FeastStore) -> FeastFeatureSource:
    return FeastFeatureSource(store)


@pytest.fixture(scope="session")
def backend_of(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Backend]:
    """Each backend by its name, opened once."""
    root = tmp_path_factory.mktemp("backends")
    return cache(lambda name: open_backend(name, root, redis_url.removesuffix("/0")))


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest, backend_of: Callable[[str], Backend]) -> Backend:
    return backend_of(request.param)
