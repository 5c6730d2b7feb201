"""A database: SQLite in a file, or PostgreSQL by its URL. Opening the shop's brings its tables up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from tools.shop.errors import ShopStoreError

_MIGRATIONS = Path(__file__).with_name("migrations")
_BUSY_S = 4  # how long one writer waits for another: less than a tool may take
_MAPPED = 256 * 1024 * 1024  # bytes of a file read as memory: address space, not memory taken
_REMOTE = {"connect_timeout": 5}  # seconds
_WRITES = "shop_writes"


class Database:
    """Short transactions. Two writes in one shopper's name never run at once, in whatever process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Raises ShopStoreError."""
        with _named_errors(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, owner: str) -> Iterator[Connection]:
        """All of it or nothing. Raises ShopStoreError."""
        with _named_errors(self._engine), self._writer.begin() as connection:
            _wait_in_line(connection, owner)
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def open_database(where: str | Path) -> Database:
    """With the shop's own tables. Raises ShopStoreError."""
    database = connect(where)
    with database.writing("schema") as connection:
        upgrade(connection)
    return database


def connect(where: str | Path) -> Database:
    """A path of a SQLite file, which is made when missing, or a `postgresql://` URL. Raises ShopStoreError."""
    return Database(_engine(where))


def _engine(where: str | Path) -> Engine:
    address = str(where)
    if "://" not in address:
        address = f"sqlite:///{_with_folder(Path(address))}"
    for scheme in ("postgresql://", "postgres://"):
        if address.startswith(scheme):
            address = f"postgresql+psycopg://{address.removeprefix(scheme)}"
    try:
        remote = {} if address.startswith("sqlite") else {"pool_pre_ping": True, "connect_args": _REMOTE}
        engine = create_engine(address, **remote)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise ShopStoreError(f"the database must be a file or a postgresql:// URL: {error}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _with_folder(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ShopStoreError(f"the database cannot be put at {path}: {error.strerror}") from None
    return path


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver's guess
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_S * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    """A write takes its lock at once: to read first and write later would fail when another wrote in between."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _wait_in_line(connection: Connection, owner: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:owner, 5))"), {"owner": owner})


def upgrade(connection: Connection, revision: str = "head") -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def _named_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise ShopStoreError(f"the database at {engine.url.render_as_string()}: {cause}") from error
