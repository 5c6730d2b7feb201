"""Where the feature store's state lives, said to Feast in code rather than in a YAML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feast import FileSource
from feast.repo_config import RegistryConfig, RepoConfig

from retrievers.features.defaults import defaults_file
from retrievers.features.redis_address import redis_address

_SQLITE = "retrievers.features.sqlite_store.NewestSqliteOnlineStore"


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
        return {"type": "redis", "connection_string": redis_address(self.redis_url).connection_string()}
