"""A place that keeps something and is not in the register is found, and so is anything of a forgotten shopper."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import MetaData

import app
import tools
from app.api import ShopperOption
from app.assembly import Shop
from app.forgetting.keeping import Place
from app.forgetting.register import ACCOUNTS, IMPERSONAL, OPERATORS, register
from app.runtime import open_shop
from app.server import application
from tests.support.opened_shop import unhurried
from tests.support.small_shop import build_small_shop

WHO = "quillwort-shopper"
WORD = "quillwort-word"
OURS = ("shop.db", "traces.db")  # whose tables are told one by one


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("register") / "shop"
    build_small_shop(folder, datetime.now(UTC), tmp_path_factory.getbasetemp() / "models")
    return folder


@pytest.fixture(scope="module")
def shop(data) -> Iterator[Shop]:
    with open_shop(unhurried(data), traced=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def places(shop, data) -> list[Place]:
    keepers = register(shop, unhurried(data), shop.around.events, lambda: None)
    return [*(keeper.place for keeper in keepers), ACCOUNTS, OPERATORS, IMPERSONAL]


def _declared_tables() -> Iterator[tuple[str, str]]:
    """Of every module of ours, whether a database of this test has them or not."""
    for package in (app, tools):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in found.name:
                continue
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                if isinstance(value, MetaData):
                    yield from ((f"{found.name}.{name}", table) for table in value.tables)


def test_every_table_that_is_declared_is_somebodys(places) -> None:
    declared = list(_declared_tables())
    assert len({table for _, table in declared}) > 20
    nobodys = {(where, table) for where, table in declared if not any(place.holds_table(table) for place in places)}
    assert nobodys == set()


def test_what_nobody_declared_is_nobodys(places) -> None:
    assert not any(place.holds_table("wish_lists") or place.holds_file("wishes.db") for place in places)


def _files(data: Path) -> list[str]:
    return sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if not path.is_dir())


def _tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return [name for (name,) in database.execute(named)]


def _mentions(data: Path, word: str) -> set[str]:
    """Tables of our databases, and other files, in which the word stands."""
    found = {table for name in OURS for table in _tables_with(data / name, word)}
    others = (path for path in data.rglob("*") if path.is_file() and not path.name.startswith(OURS))
    return found | {path.relative_to(data).as_posix() for path in others if word.encode() in path.read_bytes()}


def _tables_with(path: Path, word: str) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        rows = ((table, row) for table in _tables(path) for row in database.execute(f'SELECT * FROM "{table}"'))
        return {table for table, row in rows if any(word in str(value) for value in row)}


def test_nothing_of_a_forgotten_shopper_stands_anywhere_but_in_the_accounts(shop, places, data) -> None:
    """All they can do, then every file and every table is searched for their name and their words."""
    shoppers = (ShopperOption(WHO, "Q", {"en": "", "ko": ""}),)
    settings = unhurried(data)
    with TestClient(application(shop, settings, shoppers)) as client:

        def call(method: str, path: str, **body):
            done = client.request(method, path, json=body or None, headers={"X-Demo-User": WHO})
            assert done.status_code < 300, done.text
            return done

        asked = call("POST", "/api/chat", message=f"winter coats like {WORD}").text
        (run,) = re.findall('"run_id": ?"([0-9a-f]+)"', asked)[:1]
        call("POST", "/api/chat", message=f"please connect me with a person, {WORD}")
        call("POST", "/api/feedback", run_id=run, score=1, comment=WORD)
        seen = {"event_id": "look-1", "kind": "view", "product_id": "coat-1", "run_id": run}
        call("POST", "/api/events", events=[seen])
        call("PUT", "/api/profile", values={"user_profile:sizes": {"shoes": WORD}})
        call("PUT", "/api/cart", item_id="sock-1", quantity=1, run_id=run)
        shop.around.recorder.settle()
        assert _tables_with(data / "features" / "online.db", WORD)
        assert {"exchanges", "exchange_feedback", "trace_bodies"} <= _mentions(data, WORD)
        assert {"threads", "shopper_events", "shop_carts", "shop_audit"} <= _mentions(data, WHO)

        told = call("DELETE", "/api/profile").json()
        shop.around.recorder.settle()
        assert (told["verified"], told["elsewhere"]) == (True, [])
    assert [name for name in _files(data) if not any(place.holds_file(name) for place in places)] == []
    for name in OURS:
        tables = _tables(data / name)
        assert [table for table in tables if not any(place.holds_table(table) for place in places)] == []
    # A row of nothing under the shopper's key keeps older history from coming back.
    features = {"features/online.db", "features/online.db-wal"}
    assert _mentions(data, WHO) <= {*ACCOUNTS.tables, *features, "shopper_event_progress"}
    assert _mentions(data, WORD) - features == set()
    assert _tables_with(data / "features" / "online.db", WORD) == set()  # of what is on the disk nothing can be read
