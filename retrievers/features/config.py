"""Where the feature store's state lives, said to Feast in code rather than in a YAML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from feast import FileSource
from feast.repo_config import RegistryConfig, RepoConfig

from retrievers.features.defaults import defaults_file

_SQLITE = "retrievers.features.sqlite_store.NewestSqliteOnlineStore"
# Seconds. redis-py's own retries would make a turn wait six of them to learn that nobody listens.
_PATIENCE = {"socket_connect_timeout": "1", "socket_timeout": "5", "retry": "null"}


@dataclass(frozen=True, slots=True)
class FeatureStoreConfig:
    """`root` holds the registry, the history, the defaults and, unless `redis_url` is given, the online store.

    Shops that share one Redis need different values of `project`.
    """

    root: Path
    redis_url: str | None = None
    project: str = "shelfwise"

    @property
    def registry(self) -> Path:
        return self.root / "registry.db"

    @property
    def online_db(self) -> Path:
        return self.root / "online.db"

    @property
    def defaults_db(self) -> Path:
        return defaults_file(self.root)

    def offline_file(self, view: str) -> Path:
        return self.root / "offline" / f"{view}.parquet"

    def source(self, view: str) -> FileSource:
        """The parquet history of one view; a `SourceFactory`."""
        path = self.offline_file(view).absolute()
        return FileSource(name=f"{view}_history", path=str(path), timestamp_field="event_timestamp")

    def repo_config(self) -> RepoConfig:
        """A registry that is read once (ttl 0 means never again): a new `apply` needs a new process."""
        return RepoConfig(
            project=self.project,
            provider="local",
            registry=RegistryConfig(path=str(self.registry.absolute()), cache_ttl_seconds=0),
            online_store=self._online_store(),
            offline_store="file",  # by its name alone, Feast imports it (and Dask) with its first use; reads need none
            entity_key_serialization_version=3,
        )

    def _online_store(self) -> dict[str, Any]:
        if self.redis_url is None:
            return {"type": _SQLITE, "path": str(self.online_db.absolute())}
        return {"type": "redis", "connection_string": redis_connection_string(self.redis_url)}


def redis_connection_string(url: str) -> str:
    """Feast's `host:port,key=value,...` from that form itself or from `redis[s]://user:password@host:port/db`.

    Adds timeouts, and no retries, unless they are given. Raises ValueError when there is no host.
    """
    nodes, options = _split_url(url) if "://" in url else _split_pairs(url)
    if not nodes or not all(nodes):
        raise ValueError("not a Redis address; use redis://HOST:PORT/DB or HOST:PORT")
    merged = {**_PATIENCE, **options}
    return ",".join([*nodes, *(f"{key}={value}" for key, value in merged.items())])


def _split_pairs(text: str) -> tuple[list[str], dict[str, str]]:
    parts = [part.strip() for part in text.split(",")]
    options = dict(part.split("=", 1) for part in parts if "=" in part)
    return [part if ":" in part or not part else f"{part}:6379" for part in parts if "=" not in part], options


def _split_url(url: str) -> tuple[list[str], dict[str, str]]:
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        return [], {}
    options = {"ssl": "true"} if parts.scheme == "rediss" else {}
    if database := parts.path.strip("/"):
        options["db"] = database
    if parts.username:
        options["username"] = unquote(parts.username)
    if parts.password:
        options["password"] = unquote(parts.password)
    return [f"{parts.hostname}:{parts.port or 6379}"], options
