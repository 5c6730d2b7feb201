from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.ingestion.build import Parts
from app.ingestion.progress import Report
from retrievers.catalogue import Product
from retrievers.index.protocol import Manifest, Point
from tests.support.hash_embedder import HashEmbedder

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class MemoryIndex:
    """Generations in memory; `current` is what a search would see. `fails_at` names a step that breaks."""

    def __init__(self) -> None:
        self.current: dict[str, Point] = {}
        self.manifest: Manifest | None = None
        self.begun = self.abandoned = 0
        self.fails_at: str | None = None

    def open_writer(self) -> MemoryWriter:
        self.begun += 1
        return MemoryWriter(self, f"g{self.begun}")


class MemoryWriter:
    def __init__(self, index: MemoryIndex, generation: str) -> None:
        self.generation = generation
        self._index = index
        self._points: dict[str, Point] = {}

    def measure(self, names: Iterable[str]) -> None:
        self.measured = tuple(names)

    def upsert(self, points: Iterable[Point]) -> None:
        self._points |= {point.evidence.id: point for point in points}
        self._break("upsert")

    def publish(self, manifest: Manifest) -> None:
        self._break("publish")
        self._index.current, self._index.manifest = self._points, manifest

    def abandon(self) -> None:
        self._index.abandoned += 1

    def _break(self, step: str) -> None:
        if self._index.fails_at == step:
            raise OSError("no space left on device")


class Shelf:
    def __init__(self) -> None:
        self.items: dict[str, Product] = {}

    def write(self, products: Sequence[Product], now: datetime, report: Report) -> None:
        self.items = {product.product_id: product for product in products}


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def index() -> MemoryIndex:
    return MemoryIndex()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def parts(tmp_path: Path, embedder: HashEmbedder, index: MemoryIndex, shelf: Shelf) -> Parts:
    return Parts(tmp_path / "data/ledger.db", embedder, embedder.bulk, index.open_writer, shelf.write, lambda: NOW)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file by name: text as it is, rows as JSON lines; `.gz` is compressed."""

    def write_file(name: str, content: str | bytes | Sequence[Mapping[str, Any]]) -> Path:
        if not isinstance(content, str | bytes):
            content = "\n".join(json.dumps(row) for row in content)
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write_file
