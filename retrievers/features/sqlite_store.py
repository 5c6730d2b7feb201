"""Feast's SQLite online store, taught what its Redis store does itself: an older event never replaces a newer one."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from feast import FeatureView
from feast.infra.online_stores.sqlite import SqliteOnlineStore, SqliteOnlineStoreConfig
from feast.repo_config import RepoConfig

Row = tuple[Any, dict[str, Any], datetime, datetime | None]  # entity key, values, event time, creation time
_KEYS_PER_READ = 500


class NewestSqliteOnlineStoreConfig(SqliteOnlineStoreConfig):  # type: ignore[misc]  # feast is untyped
    """Feast finds this class by its name: the store's class name plus `Config`."""

    type: Literal["retrievers.features.sqlite_store.NewestSqliteOnlineStore"] = (
        "retrievers.features.sqlite_store.NewestSqliteOnlineStore"
    )


class NewestSqliteOnlineStore(SqliteOnlineStore):  # type: ignore[misc]  # feast is untyped
    """Ties of the same second go to the later write. Write-ahead logging lets a turn read while a load writes."""

    _opening = threading.Lock()  # of the class: Feast makes a store without asking us, and one is enough
    _conn: sqlite3.Connection | None = None
    _file: tuple[int, int] | None = None

    def online_write_batch(
        self, config: RepoConfig, table: FeatureView, data: list[Row], progress: Callable[[int], Any] | None
    ) -> None:
        ordered = sorted(data, key=lambda row: _utc(row[2]))
        for start in range(0, len(ordered), _KEYS_PER_READ):
            batch = ordered[start : start + _KEYS_PER_READ]
            held = self.online_read(config, table, [key for key, *_ in batch])
            news = [row for row, (time, _) in zip(batch, held, strict=True) if time is None or _utc(row[2]) >= time]
            super().online_write_batch(config, table, news, None)
            if progress is not None:
                progress(len(batch))

    def _get_conn(self, config: RepoConfig) -> sqlite3.Connection:
        """Reads come from several threads: none may see a connection that another one is still making."""
        with self._opening:
            self._forget_replaced(Path(config.online_store.path))
            fresh = self._conn is None
            connection: sqlite3.Connection = super()._get_conn(config)
            if fresh:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                self._file = _identity(Path(config.online_store.path))
            return connection

    def _forget_replaced(self, path: Path) -> None:
        """An open connection would go on reading a file that was deleted or replaced under it: old prices for ever.

        It is not closed here but by the last thread that reads from it: closing it under one crashes the process.
        """
        if self._conn is None or _identity(path) == self._file:
            return
        self._conn = None
        if not path.exists():
            raise sqlite3.OperationalError(f"{path.name} is gone: run `shelfwise features materialize`")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _utc(time: datetime) -> datetime:
    """Whole seconds, as stored. Feast hands over naive times that mean UTC."""
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)
