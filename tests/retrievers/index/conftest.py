"""A shelf of synthetic products and the engines that hold it."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pytest
from qdrant_client import QdrantClient

from retrievers.catalogue import DocumentType
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.embedding.tokens import tokens
from retrievers.index.owner import open_index
from retrievers.index.protocol import Manifest
from retrievers.index.schema import point_of
from retrievers.index.server import QdrantIndex, QdrantWriter
from retrievers.index.server_generations import ServerGenerations
from retrievers.index.writer import EdgeWriter
from retrievers.records import Evidence

DIMENSIONS = 16
ENCODER = Bm25Encoder([6])


def unit(seed):
    vector = np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


@dataclass
class Shelf:
    """What tests write and ask for; `point(...)` makes a product whose vector is `unit(seed)`."""

    dimensions: int = DIMENSIONS
    encoder: Bm25Encoder = field(default_factory=lambda: ENCODER)

    def unit(self, seed):
        return unit(seed)

    def point(self, name, seed, text=None, heads=(), type=DocumentType.PRODUCT, **metadata):
        evidence = Evidence(
            id=f"{type}/{name}",
            type=type,
            source="catalogue",
            title=name,
            text=text or name,
            score=0.0,
            metadata={"product_id": name, "heads": list(heads), **metadata},
            updated_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        )
        return point_of(evidence, unit(seed), ENCODER.document([tokens(evidence.text)]), heads, ("size", "port"))

    def manifest(self, generation, **counts):
        return Manifest(
            generation=generation,
            embedder="synthetic",
            dimensions=DIMENSIONS,
            created_at=datetime.now(UTC),
            counts=counts,
            floors={"product": 0.25},
            vocabulary={"brands": ["Acme"]},
        )

    def publish(self, writer, points):
        writer.measure(["memory", "wi-fi"])
        writer.upsert(points)
        writer.publish(self.manifest(writer.generation, product=len(points)))
        return writer.generation

    def build(self, data, points):
        return self.publish(EdgeWriter(data, DIMENSIONS), points)


@pytest.fixture(scope="session")
def shelf():
    return Shelf()


@dataclass
class Engine:
    """One backend: `writer()` begins a generation, `index` reads, `rollback()` goes back."""

    index: object
    writer: object
    rollback: object
    finished: object


def edge_engine(data):
    from retrievers.index.generations import Generations

    generations = Generations(data)
    return Engine(open_index(data), lambda: EdgeWriter(data, DIMENSIONS), generations.rollback, generations.finished)


def qdrant_engine(client):
    generations = ServerGenerations(client)
    return Engine(
        QdrantIndex(client), lambda: QdrantWriter(client, DIMENSIONS), generations.rollback, generations.finished
    )


def remove_ours(client):
    for collection in client.get_collections().collections:
        if collection.name.startswith("shelfwise_"):
            client.delete_collection(collection.name)


@pytest.fixture(scope="module", params=["edge", "local", "server"])
def engine(request, tmp_path_factory):
    """Empty at the start of a module. The server is the one at QDRANT_URL, whose shelfwise collections are removed."""
    if request.param == "edge":
        made = edge_engine(tmp_path_factory.mktemp("edge"))
        yield made
        made.index.close()
        return
    if request.param == "server" and "QDRANT_URL" not in os.environ:
        pytest.skip("QDRANT_URL is not set")
    client = QdrantClient(":memory:") if request.param == "local" else QdrantClient(url=os.environ["QDRANT_URL"])
    remove_ours(client)
    yield qdrant_engine(client)
    remove_ours(client)
    client.close()
