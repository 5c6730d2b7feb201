"""Feast's SQLite online store, taught what its Redis store does itself: an older event never replaces a newer one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
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
        fresh = self._conn is None
        connection: sqlite3.Connection = super()._get_conn(config)
        if fresh:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def _utc(time: datetime) -> datetime:
    """Whole seconds, as stored. Feast hands over naive times that mean UTC."""
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)
