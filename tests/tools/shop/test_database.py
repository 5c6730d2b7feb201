from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from tests.support.shop_counter import NOW
from tools.records import Session
from tools.shop.audit import Deed, log_deed, read_log
from tools.shop.database import connect, open_database, upgrade
from tools.shop.errors import ShopStoreError
from tools.shop.tables import METADATA


def test_the_migrations_make_the_tables_the_code_works_with(address):
    database = open_database(address)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "shop_schema"})
        assert context.get_current_revision() == "0002"
        assert compare_metadata(context, METADATA) == []
    database.close()


def test_several_may_open_a_new_database_at_once(address):
    with ThreadPoolExecutor(6) as pool:
        for database in pool.map(open_database, [address] * 6):
            database.close()


def test_a_transaction_that_fails_leaves_nothing(address):
    database = open_database(address)

    def fail() -> None:
        with database.writing("mina") as connection:
            connection.execute(text("INSERT INTO shop_carts VALUES ('mina', 1)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM shop_carts")).scalar() == 0
    database.close()


async def test_a_log_of_before_stays_readable(tmp_path):
    """What was written before deeds named their answers is there after the upgrade, and names none."""
    database = connect(tmp_path / "old.db")
    with database.writing("schema") as connection:
        upgrade(connection, "0001")
        columns = "at, user_id, thread_id, action_id, tool, status, before, after"
        values = "'2026-01-01 00:00:00', 'mina', 't', 'a', 'add_to_cart', 'done', '{}', '{}'"
        connection.execute(text(f"INSERT INTO shop_audit ({columns}) VALUES ({values})"))
    database.close()
    database = open_database(tmp_path / "old.db")
    with database.writing("mina") as connection:
        log_deed(connection, Session("mina", "t", "turn", run_id="r1"), NOW, Deed("b", "view", "done", {}, {}))
        old, new = read_log(connection, "mina")
    assert (old.deed.action_id, old.run_id, new.run_id) == ("a", None, "r1")
    with pytest.raises(ShopStoreError, match="only grows"), database.writing("mina") as connection:
        connection.execute(text("UPDATE shop_audit SET run_id = 'r9'"))
    database.close()


_AGAIN = (
    "(sequence, at, user_id, thread_id, action_id, tool, status, before, after) VALUES (1, 0, '', '', '', '', '', 0, 0)"
)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE shop_audit SET tool = 'x'",
        "DELETE FROM shop_audit",
        "TRUNCATE shop_audit",
        f"INSERT OR REPLACE INTO shop_audit {_AGAIN}",
    ],
)
async def test_nobody_rewrites_the_log(counter, change):
    await counter.use("add_to_cart", item_id="lamp-1")
    assert len(counter.log()) == 1
    only_there = {"TRUNCATE": "postgresql", "INSERT": "sqlite"}.get(change.split()[0])
    with counter.store.database.reading() as connection:
        if only_there not in (None, connection.dialect.name):
            pytest.skip(f"only {only_there} knows this statement")

    with pytest.raises(ShopStoreError, match="only grows"), counter.store.database.writing("mina") as connection:
        connection.execute(text(change))

    assert [entry.deed.tool for entry in counter.log()] == ["add_to_cart"]


def test_an_address_of_no_database_is_told_in_one_line(tmp_path):
    for unknown in ("oracle-of-delphi://shop", "mysql://shop", "postgresql://host:port/shop"):
        with pytest.raises(ShopStoreError, match="a file or a postgresql"):
            open_database(unknown)
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is not a database" * 100)
    with pytest.raises(ShopStoreError, match="not a database"):
        open_database(broken)
    with pytest.raises(ShopStoreError, match="cannot be put at"):
        open_database(broken / "shop.db")
    with pytest.raises(ShopStoreError) as found:
        open_database("postgresql://shop:secret@127.0.0.1:1/shop")
    assert "\n" not in str(found.value)
    assert "secret" not in str(found.value)
