"""The shop's store on both databases; every test that asks for `counter` runs on each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgres import new_database
from tests.support.shop_counter import Clock, Counter, fill
from tools.shop.store import open_shop_store
from tools.shop_tools import shop_confirmations


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path) -> str:
    """Of a database with nothing in it."""
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def counter(address) -> Iterator[Counter]:
    clock = Clock()
    store = open_shop_store(address, clock)
    fill(store)
    yield Counter(store, clock, shop_confirmations(store))
    store.close()
