"""Builds a generation of the embedded index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import qdrant_edge as edge

from retrievers.catalogue import DocumentType
from retrievers.index.edge import create_shard
from retrievers.index.generations import Generations
from retrievers.index.protocol import IndexUnavailable, Manifest, Point
from retrievers.index.schema import DENSE, SPARSE, point_id, stored_payload
from retrievers.index.snapshot import SnapshotCollector

_BATCH = 512


class EdgeWriter:
    """Implements `IndexWriter` in a new directory, while any process may serve the generation before it.

    The manifest handed to `publish` must carry `generation`, the name chosen here. A writer is used once.
    """

    def __init__(self, data: Path, dimensions: int) -> None:
        self._generations = Generations(data)
        self._build = self._generations.begin()
        self._snapshot = SnapshotCollector()
        self._dimensions = dimensions
        self._shards: dict[DocumentType, edge.EdgeShard] = {}
        self._measured: tuple[str, ...] = ()

    @property
    def generation(self) -> str:
        return self._build.name

    def measure(self, names: Iterable[str]) -> None:
        self._measured = tuple(names)

    def upsert(self, points: Iterable[Point]) -> None:
        remaining = iter(points)
        while batch := list(islice(remaining, _BATCH)):
            self._write(batch)

    def publish(self, manifest: Manifest) -> None:
        """Optimising holds the GIL, so a process that also serves requests should not build.

        Raises ValueError, and as `upsert` does IndexUnavailable where the disk refuses.
        """
        if manifest.generation != self.generation:
            raise ValueError(f"the manifest is of generation {manifest.generation}, this is {self.generation}")
        with _writable():
            for shard in self._shards.values():
                shard.optimize()
                shard.flush()
                shard.close()
        self._snapshot.write(self._build.directory / "snapshot.json")
        self._generations.publish(self._build, manifest)

    def abandon(self) -> None:
        self._shards.clear()
        self._build.abandon()

    def _write(self, batch: list[Point]) -> None:
        by_type: dict[DocumentType, list[edge.Point]] = {}
        for point in batch:
            self._snapshot.add(point.evidence)
            by_type.setdefault(point.evidence.type, []).append(_edge_point(point))
        with _writable():
            for type, points in by_type.items():
                self._shard(type).update(edge.UpdateOperation.upsert_points(points))

    def _shard(self, type: DocumentType) -> edge.EdgeShard:
        """Made for the first document of a type; a type without documents has none."""
        if type not in self._shards:
            measured = self._measured if type is DocumentType.PRODUCT else ()
            self._shards[type] = create_shard(self._build.directory / type.value, self._dimensions, measured)
        return self._shards[type]


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Edge has no exception type of its own
        reason = (str(error).splitlines() or [""])[0]
        raise IndexUnavailable(f"the new index cannot be written, the served one stays: {reason}") from error


def _edge_point(point: Point) -> edge.Point:
    sparse = edge.SparseVector(list(point.sparse.indices), list(point.sparse.values))
    vectors = {DENSE: point.dense.tolist(), SPARSE: sparse}
    return edge.Point(point_id(point.evidence.id), vectors, stored_payload(point))
