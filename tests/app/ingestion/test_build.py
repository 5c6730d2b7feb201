from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from qdrant_client import QdrantClient

from app.ingestion.build import build
from app.ingestion.errors import IngestError
from app.ingestion.ledger import Changes, Load, open_ledger
from retrievers.catalogue import Document, DocumentType, Product
from retrievers.index.server import QdrantIndex, QdrantWriter

KETTLE = Product(product_id="k", title="Kettle", brand="Clay", category=("Kitchen", "Kettles"), price=50.0)
TOASTER = Product(product_id="t", title="Toaster", brand="Nord", price=30.0, currency="EUR")
MUG = Product(product_id="m", title="Mug", attributes={"material": "Stoneware"}, price=9.0)
RETURNS = Document(
    document_id="returns.md",
    type=DocumentType.POLICY,
    title="Returns",
    text="## Time\n\nThirty days.\n\n## Exceptions\n\nGift cards.",
    source="returns.md",
)


def products(*records: Product, **options) -> Load:
    return Load(DocumentType.PRODUCT, records, **options)


def policies(*records: Document, **options) -> Load:
    return Load(DocumentType.POLICY, records, **{"origin": "policies", **options})


def test_first_load(parts, index, shelf, embedder):
    built = build(parts, [products(KETTLE, TOASTER, MUG)])
    assert (built.changes, built.embedded) == (Changes(added=3), 3)
    assert set(index.current) == {"product/k", "product/t", "product/m"}
    assert set(shelf.items) == {"k", "t", "m"}
    assert index.manifest.generation == built.generation == "g1"
    assert (index.manifest.embedder, index.manifest.dimensions) == ("hash", 16)
    assert (index.manifest.counts, index.manifest.currency) == ({"product": 3}, "USD")
    words = index.manifest.vocabulary
    assert words["brands"] == ["clay", "nord"]
    assert words["categories"] == ["kettles", "kitchen"]
    assert {"kettl", "toaster", "mug"} <= set(words["heads"])
    assert words["materials"] == ["stoneware"]


def test_a_reload_embeds_only_what_reads_differently(parts, index, embedder):
    build(parts, [products(KETTLE, TOASTER, MUG)])
    dearer, renamed = KETTLE.model_copy(update={"price": 60.0}), MUG.model_copy(update={"title": "Tall mug"})
    built = build(parts, [products(dearer, TOASTER, renamed)])
    assert (built.changes, built.embedded) == (Changes(changed=2, unchanged=1), 1)
    assert index.current["product/k"].evidence.metadata["price"] == 60.0
    assert embedder.embedded[-1].startswith("Tall mug")


def test_the_same_again_changes_nothing_and_embeds_nothing(parts):
    build(parts, [products(KETTLE), policies(RETURNS)])
    built = build(parts, [products(KETTLE), policies(RETURNS)])
    assert (built.changes, built.embedded) == (Changes(unchanged=2), 0)


def test_products_absent_from_the_file_are_deleted(parts, index):
    build(parts, [products(KETTLE, TOASTER, MUG)])
    built = build(parts, [products(KETTLE, spared=["m"])])
    assert built.changes == Changes(unchanged=1, deleted=1)
    assert set(index.current) == {"product/k", "product/m"}  # the row of the mug was there, but malformed


def test_an_empty_load_deletes_nothing(parts, index):
    build(parts, [products(KETTLE)])
    assert build(parts, [products()]).changes == Changes()
    assert set(index.current) == {"product/k"}


def test_nothing_at_all_is_an_error(parts, index):
    with pytest.raises(IngestError, match="nothing to load"):
        build(parts, [products()])
    assert index.begun == 0


def test_loads_of_one_type_keep_the_others(parts, index, shelf):
    build(parts, [products(KETTLE)])
    build(parts, [policies(RETURNS)])
    assert set(index.current) == {"product/k", "policy/returns.md#1", "policy/returns.md#2"}
    assert index.manifest.counts == {"policy": 1, "product": 1}
    build(parts, [products(TOASTER)])
    assert set(index.current) == {"product/t", "policy/returns.md#1", "policy/returns.md#2"}


def test_documents_are_deleted_only_when_their_own_origin_loses_them(parts, index):
    other = RETURNS.model_copy(update={"document_id": "shipping.md"})
    build(parts, [policies(RETURNS, origin="a"), policies(other, origin="b")])
    warranty = RETURNS.model_copy(update={"document_id": "warranty.md"})
    assert build(parts, [policies(warranty, origin="a", partial=True)]).changes == Changes(added=1)
    assert build(parts, [policies(warranty, origin="a")]).changes == Changes(unchanged=1, deleted=1)
    assert {id.split("#")[0] for id in index.current} == {"policy/shipping.md", "policy/warranty.md"}


def test_documents_do_not_touch_the_shelf(parts, shelf):
    build(parts, [policies(RETURNS)])
    assert shelf.items == {}


def test_another_embedder_embeds_everything_anew(parts, embedder):
    build(parts, [products(KETTLE, TOASTER)])
    embedder.name = "hash-2"
    assert build(parts, [products(KETTLE, TOASTER)]).embedded == 2
    with sqlite3.connect(parts.ledger) as ledger:
        assert ledger.execute("SELECT count(*) FROM vector").fetchone() == (4,)  # two views each; the old ones are gone


@pytest.mark.parametrize("step", ["upsert", "publish"])
def test_a_failing_build_leaves_generation_and_ledger_as_they_were(parts, index, step):
    build(parts, [products(KETTLE)])
    index.fails_at = step
    with pytest.raises(OSError, match="no space"):
        build(parts, [products(TOASTER)])
    assert index.abandoned == 1
    assert set(index.current) == {"product/k"}
    index.fails_at = None
    assert build(parts, [products(TOASTER)]).changes == Changes(added=1, deleted=1)


def test_a_failing_feature_store_publishes_nothing(parts, index):
    def unreachable(*_):
        raise IngestError("prices could not be written")

    with pytest.raises(IngestError):
        build(replace(parts, write_items=unreachable), [products(KETTLE)])
    assert (index.current, index.abandoned) == ({}, 1)


def test_a_qdrant_server_takes_the_same_build(parts, embedder):
    client = QdrantClient(":memory:")
    on_server = replace(parts, open_writer=lambda: QdrantWriter(client, embedder.dimensions))
    build(on_server, [products(KETTLE)])
    built = build(on_server, [policies(RETURNS)])
    index = QdrantIndex(client)
    assert index.manifest().generation == built.generation
    assert [found.title for found in index.fetch(["product/k", "policy/returns.md#1"])] == ["Kettle", "Returns: Time"]


def test_two_loads_at_once_are_refused(parts):
    with open_ledger(parts.ledger), pytest.raises(IngestError, match="another load"):
        build(parts, [products(KETTLE)])


def test_a_ledger_that_cannot_grow_says_so_and_keeps_what_it_held(parts):
    build(parts, [products(KETTLE)])
    many = [Product(product_id=f"p{number}", title="Toaster " * 100) for number in range(200)]

    def load() -> None:
        with open_ledger(parts.ledger) as ledger:
            ledger._db.execute("PRAGMA max_page_count = 1")  # as few pages as there are
            ledger.apply(Load(DocumentType.PRODUCT, many))

    with pytest.raises(IngestError, match=r"cannot be written \(database or disk is full\); nothing was loaded"):
        load()
    with open_ledger(parts.ledger) as ledger:
        assert ledger.records() == [KETTLE]


def test_a_file_that_is_no_ledger_is_named(parts):
    parts.ledger.parent.mkdir(parents=True)
    parts.ledger.write_bytes(b"not a database, and longer than a header would be" * 30)
    with pytest.raises(IngestError, match=r"ledger\.db is not a ledger"):
        build(parts, [products(KETTLE)])


def test_progress_reaches_the_end_of_each_stage(parts):
    last: dict[str, tuple[int, int]] = {}
    build(parts, [products(KETTLE, TOASTER)], lambda stage, done, total: last.update({stage: (done, total)}))
    assert last == {"embedding": (4, 4), "indexing": (2, 2)}  # two views a product
