"""The real parts of a build, over one data directory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.ingestion.build import BulkEmbed, GenerationWriter, Parts
from app.ingestion.errors import IngestError
from app.ingestion.progress import Report
from retrievers.catalogue import Product
from retrievers.embedding.bulk import embed_bulk
from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.features.protocol import FeatureKind, FeaturesUnavailable
from retrievers.index.protocol import Vector
from retrievers.index.writer import EdgeWriter

_ROOM = 64 << 20  # bytes: the embedding model, and what an index takes before it holds anything
_WORTH_WORKERS = 512  # fewer texts are embedded sooner than worker processes start
WriteItems = Callable[[Sequence[Product], datetime, Report], None]


def open_parts(
    data: Path, redis_url: str | None = None, qdrant_url: str | None = None, features: FeatureKind = "feast"
) -> Parts:
    """The index is embedded unless `qdrant_url` names a server. The feature store is opened by the first write to it.

    Raises IngestError when the directory cannot be written or its disk is all but full.
    """
    cache = data / "models"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _require_room(data)
        embedder = MiniLmEmbedder(cache)
    except OSError as error:
        raise IngestError(f"{data} cannot be written: {error.strerror or error}; choose another with --data") from None
    return Parts(
        ledger=data / "ledger.db",
        embedder=embedder,
        embed=_bulk(embedder, cache),
        open_writer=_writer(data, qdrant_url, embedder.dimensions),
        write_items=_items_writer(data, redis_url, features),
        clock=lambda: datetime.now(UTC),
    )


def _bulk(embedder: MiniLmEmbedder, cache: Path) -> BulkEmbed:
    def embed(texts: Sequence[str], progress: Callable[[int], None]) -> Vector:
        if len(texts) >= _WORTH_WORKERS:
            return embed_bulk(texts, cache, os.cpu_count() or 1, progress)
        vectors = embedder.documents(texts)
        progress(len(texts))
        return vectors

    return embed


def _require_room(data: Path) -> None:
    """An index is mapped into memory, where a full disk ends the process instead of raising an error.

    It takes about as much as the ledger, which holds the same texts and vectors. Raises IngestError.
    """
    needed = _ROOM + sum(file.stat().st_size for file in data.glob("ledger.db*"))
    free = shutil.disk_usage(data).free
    if free < needed:
        left = f"{free >> 20} MB are left where {data} is, and a load needs {needed >> 20} MB"
        raise IngestError(f"{left}; make room or choose another place with --data")


def _writer(data: Path, qdrant_url: str | None, dimensions: int) -> Callable[[], GenerationWriter]:
    if qdrant_url is None:
        return lambda: _edge_writer(data, dimensions)
    from retrievers.index.server import QdrantWriter, connect

    return lambda: QdrantWriter(connect(qdrant_url), dimensions)


def _edge_writer(data: Path, dimensions: int) -> EdgeWriter:
    _require_room(data)
    return EdgeWriter(data, dimensions)


def _items_writer(data: Path, redis_url: str | None, features: FeatureKind) -> WriteItems:
    if features == "redis-hashes" and redis_url:
        return _hashes_writer(redis_url)
    return _feast_writer(data, redis_url)


def _hashes_writer(redis_url: str) -> WriteItems:
    def write(products: Sequence[Product], now: datetime, report: Report) -> None:
        from app.ingestion.item_stats import write_item_stats_online
        from retrievers.features.redis_hash_writer import RedisHashWriter
        from retrievers.features.redis_hashes import connect

        with _failing_plainly():
            write_item_stats_online(RedisHashWriter(connect(redis_url)), products, now, report)

    return write


def _feast_writer(data: Path, redis_url: str | None) -> WriteItems:
    def write(products: Sequence[Product], now: datetime, report: Report) -> None:
        from app.ingestion.item_stats import write_item_stats  # Feast and pandas take seconds to import
        from retrievers.features.config import FeatureStoreConfig
        from retrievers.features.store import FeastStore

        with _failing_plainly():
            store = FeastStore(FeatureStoreConfig(data / "features", redis_url))
            write_item_stats(store, products, now, report)

    return write


@contextmanager
def _failing_plainly() -> Iterator[None]:
    try:
        yield
    except (FeaturesUnavailable, ValueError) as error:
        raise IngestError(f"prices could not be written to the feature store: {error}") from None
