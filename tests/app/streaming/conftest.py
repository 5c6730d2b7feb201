from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.streaming.log import EventLog
from app.streaming.projection import Projection
from app.streaming.shopper_events import ShopperEvents
from retrievers.catalogue import Product
from retrievers.features.descriptions import retail_descriptions
from retrievers.index.protocol import IndexUnavailable
from tests.support.kept_features import KeptFeatures
from tests.support.postgres import new_database
from tools.ports import ShopperEvent
from tools.shop.database import Database, open_database

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
PRODUCTS = {
    name: Product(product_id=name, title=name, brand=brand, category=category, price=price)
    for name, brand, category, price in (
        ("shoe", "Arbor", ("Running", "Shoes"), 120.0),
        ("sock", "Brisk", ("Running", "Socks"), 18.0),
        ("coat", "Nordlys", ("Outerwear", "Coats"), 240.0),
    )
}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def after(self, **passed: float) -> datetime:
        self.now += timedelta(**passed)
        return self.now


class Catalogue:
    def __init__(self) -> None:
        self.down = False

    def __call__(self, names):
        if self.down:
            raise IndexUnavailable("switched off")
        return {name: PRODUCTS[name] for name in names if name in PRODUCTS}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def where(request, tmp_path) -> str:
    """Of a database with nothing in it."""
    return str(tmp_path / "shop.db") if request.param == "sqlite" else new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def database(where) -> Iterator[Database]:
    opened = open_database(where)
    yield opened
    opened.close()


@pytest.fixture
def log(database) -> EventLog:
    return EventLog(database)


@pytest.fixture
def features() -> KeptFeatures:
    return KeptFeatures()


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue()


@pytest.fixture
def opened(log, features, catalogue, clock):
    """The embedded path as one process opens it; called again, as another one does."""

    def open_events() -> ShopperEvents:
        projection = Projection(log, features, features, catalogue, retail_descriptions(), clock)
        return ShopperEvents(log, projection)

    return open_events


@pytest.fixture
def did(clock):
    """An event of Mina's, now."""
    numbers = iter(range(1000))

    def make(kind: str = "view", product_id: str = "shoe", user_id: str = "mina", **fields) -> ShopperEvent:
        fields = {"event_id": f"e{next(numbers)}", "time": clock(), **fields}
        return ShopperEvent(kind=kind, product_id=product_id, user_id=user_id, **fields)

    return make
