import pytest
from qdrant_client import QdrantClient

from retrievers.catalogue import DocumentType
from retrievers.index.generations import NoPreviousGeneration
from retrievers.index.protocol import IndexUnavailable, Query
from retrievers.index.server import QdrantIndex, QdrantWriter, ServerIndex
from retrievers.index.server_generations import ServerGenerations


@pytest.fixture
def client():
    client = QdrantClient(":memory:")
    yield client
    client.close()


def build(client, shelf, name):
    return shelf.publish(QdrantWriter(client, shelf.dimensions), [shelf.point(name, 1)])


def served(client):
    (hits,) = QdrantIndex(client).search([Query(DocumentType.PRODUCT, 10)])
    return [hit.evidence.title for hit in hits]


def test_nothing_is_visible_before_publish(client, shelf):
    writer = QdrantWriter(client, shelf.dimensions)
    writer.upsert([shelf.point("A", 1)])
    for read in (
        lambda: served(client),
        lambda: QdrantIndex(client).manifest(),
        lambda: QdrantIndex(client).fetch(["x"]),
    ):
        with pytest.raises(IndexUnavailable, match="run `shelfwise ingest`"):
            read()
    writer.publish(shelf.manifest(writer.generation))
    assert served(client) == ["A"]


def test_the_last_two_generations_are_kept(client, shelf):
    built = [build(client, shelf, name) for name in "ABC"]
    assert served(client) == ["C"]
    assert [manifest.generation for manifest in ServerGenerations(client).finished()] == [built[2], built[1]]
    assert not [c for c in client.get_collections().collections if built[0] in c.name]


def test_rollback_and_what_follows_it(client, shelf):
    good = build(client, shelf, "good")
    build(client, shelf, "bad")
    generations = ServerGenerations(client)
    assert generations.rollback() == good
    assert served(client) == ["good"]
    assert QdrantIndex(client).manifest().generation == good
    with pytest.raises(NoPreviousGeneration):
        generations.rollback()
    build(client, shelf, "new")
    assert generations.rollback() == good


def test_abandoning_removes_what_was_written(client, shelf):
    build(client, shelf, "A")
    before = {collection.name for collection in client.get_collections().collections}
    writer = QdrantWriter(client, shelf.dimensions)
    writer.upsert([shelf.point("B", 1)])
    writer.abandon()
    assert {collection.name for collection in client.get_collections().collections} == before
    assert served(client) == ["A"]


def test_only_old_unfinished_generations_are_removed(client, shelf, monkeypatch):
    monkeypatch.setattr("retrievers.index.server.new_generation", lambda: "20250101T000000-abcdef")
    QdrantWriter(client, shelf.dimensions)
    monkeypatch.undo()
    running = QdrantWriter(client, shelf.dimensions)
    build(client, shelf, "A")
    names = " ".join(collection.name for collection in client.get_collections().collections)
    assert "20250101T000000-abcdef" not in names
    assert running.generation in names


def test_other_collections_are_left_alone(client, shelf):
    client.create_collection("shelfwise_notes_product", vectors_config={})
    for name in "ABC":
        build(client, shelf, name)
    assert client.collection_exists("shelfwise_notes_product")


def test_a_server_that_is_down_is_unavailable(unused_tcp_port_factory):
    index = ServerIndex(f"http://127.0.0.1:{unused_tcp_port_factory()}")
    with pytest.raises(IndexUnavailable, match="Connection refused"):
        index.manifest()
    with pytest.raises(IndexUnavailable, match="Connection refused"):
        index.search([Query(DocumentType.PRODUCT, 10)])
    index.close()


def test_local_mode_on_disk_survives_reopening(tmp_path, shelf):
    client = QdrantClient(path=str(tmp_path))
    build(client, shelf, "A")
    client.close()
    again = QdrantClient(path=str(tmp_path))
    assert served(again) == ["A"]
    again.close()
