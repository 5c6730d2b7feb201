"""The one Feast store of a process: two in one process thrash a module cache and read ten times slower."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from feast import FeatureService, FeatureStore, FeatureView
from feast.errors import FeastObjectNotFoundException

from feature_repo.declare import Repository
from feature_repo.retail import retail
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.declared import describe
from retrievers.features.descriptions import FeatureDescription
from retrievers.features.frames import arrow_table, conform
from retrievers.features.protocol import FeaturesUnavailable

_ROWS_PER_WRITE = 2000
Progress = Callable[[int], None]  # rows written since the last call


class FeastStore:
    """Declarations, history and online values of one directory.

    Frames hold the view's join key, `event_timestamp` (UTC) and exactly its features; anything else is a one-line
    ValueError. An older event never replaces a newer one. What cannot be reached, or was never applied, is
    FeaturesUnavailable, with the reason in one line.
    """

    def __init__(self, config: FeatureStoreConfig, repository: Repository | None = None) -> None:
        self.config = config
        self.repository = repository or retail(config.source)
        self.descriptions: Mapping[str, FeatureDescription] = describe(self.repository)
        self._feast = FeatureStore(config=config.repo_config())
        self._failures = _backend_failures(config)
        self._services: dict[str, FeatureService] = {}
        self._views: dict[str, FeatureView] = {}

    def apply(self) -> None:
        """Registers the declarations and makes the online tables; repeating it changes nothing."""
        self.config.root.mkdir(parents=True, exist_ok=True)
        with self._named_failures():
            self._feast.apply(self.repository.objects())
        self._services.clear()
        self._views.clear()

    def materialize(self, start: datetime, end: datetime) -> tuple[str, ...]:
        """Copies each entity's newest row of that time online; returns the views, those that have a history."""
        views = [view.name for view in self.repository.views if self.config.offline_file(view.name).exists()]
        for view in views:
            self._registered_view(view)
        if views:
            # Feast prints to stdout, where `--json` promises one object.
            with self._named_failures(), redirect_stdout(io.StringIO()):
                self._feast.materialize(start_date=start, end_date=end, feature_views=views)
        return tuple(views)

    def push(self, view: str, frame: pd.DataFrame) -> None:
        """A few rows through the view's push source, for events as they happen."""
        conformed = conform(self.repository.view(view), frame)
        features = [field.name for field in self.repository.view(view).features]
        if conformed[features].isna().all(axis=None):
            self._write(view, conformed)  # Feast drops a push of nothing but nulls with a mere warning
        else:
            self._registered_view(view)
            with self._named_failures():
                self._feast.push(f"{view}_push", conformed)

    def write_online(self, view: str, frame: pd.DataFrame, progress: Progress | None = None) -> None:
        """Many rows straight to the online store, in batches."""
        conformed = conform(self.repository.view(view), frame)
        for start in range(0, len(conformed), _ROWS_PER_WRITE):
            batch = conformed.iloc[start : start + _ROWS_PER_WRITE]
            self._write(view, batch)
            if progress is not None:
                progress(len(batch))

    def write_offline(self, view: str, frame: pd.DataFrame) -> None:
        """Replaces the view's history, atomically."""
        declared = self.repository.view(view)
        path = self.config.offline_file(view)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            pq.write_table(arrow_table(declared, conform(declared, frame)), unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def read_offline(self, view: str) -> pd.DataFrame:
        """The view's history as written. Raises FileNotFoundError."""
        return pd.read_parquet(self.config.offline_file(self.repository.view(view).name))

    def read_online(self, service: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Columns `view__feature` and `view__feature__ts` (epoch seconds, 0 for no row), one entry a key.

        Blocking.
        """
        resolved = self._service(service)
        join_key = self.repository.view(resolved.feature_view_projections[0].name).join_keys[0]
        with self._named_failures():
            response = self._feast.get_online_features(
                features=resolved, entity_rows=[{join_key: key} for key in keys], full_feature_names=True
            )
        columns: dict[str, list[Any]] = response.to_dict(include_event_timestamps=True)
        return columns

    def _write(self, view: str, conformed: pd.DataFrame) -> None:
        # Not `write_to_online_store`, which skips a batch of nothing but nulls.
        registered = self._registered_view(view)
        with self._named_failures():
            self._feast._get_provider().ingest_df(registered, conformed)

    def _registered_view(self, name: str) -> FeatureView:
        if name not in self._views:
            self._views[name] = self._resolve(lambda: self._feast.get_feature_view(name))
        return self._views[name]

    def _service(self, name: str) -> FeatureService:
        # Resolving takes milliseconds, a read less than one.
        if name not in self._services:
            self._services[name] = self._resolve(lambda: self._feast.get_feature_service(name))
        return self._services[name]

    def _resolve(self, find: Callable[[], Any]) -> Any:
        empty = "the feature store is empty: run `shelfwise features apply`"
        if not self.config.registry.exists():
            raise FeaturesUnavailable(empty)  # Feast would make an empty registry by looking into it
        try:
            return find()
        except FeastObjectNotFoundException:
            raise FeaturesUnavailable(empty) from None

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            reason = (str(error).splitlines() or [""])[0]
            raise FeaturesUnavailable(f"the online store failed: {type(error).__name__}: {reason}") from error


def _backend_failures(config: FeatureStoreConfig) -> tuple[type[Exception], ...]:
    if config.redis_url is None:
        return (sqlite3.Error,)
    from redis.exceptions import RedisError

    return (RedisError,)
