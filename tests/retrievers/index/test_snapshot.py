import pytest

from retrievers.catalogue import DocumentType
from retrievers.index.snapshot import SnapshotCollector, load_snapshot


def test_a_build_leaves_the_most_popular_products(tmp_path, shelf):
    products = [shelf.point(f"P{n}", n, popularity=float(n), category=["Shoes"]) for n in range(80)]
    policies = [shelf.point(f"T{n}", n, type=DocumentType.POLICY) for n in range(20)]
    shelf.build(tmp_path, [*products, *policies])
    snapshot = load_snapshot(tmp_path)
    assert [evidence.title for evidence in snapshot[DocumentType.PRODUCT]] == [f"P{n}" for n in range(79, 29, -1)]
    assert snapshot[DocumentType.PRODUCT][0] == products[79].evidence
    assert len(snapshot[DocumentType.POLICY]) == 8
    assert snapshot[DocumentType.FAQ] == []


def test_it_needs_neither_the_index_nor_the_alias(tmp_path, shelf):
    shelf.build(tmp_path, [shelf.point("A", 1)])
    (tmp_path / "index" / "alias.json").unlink()
    for manifest in (tmp_path / "index" / "generations").glob("*/manifest.json"):
        manifest.unlink()
    assert [evidence.title for evidence in load_snapshot(tmp_path)[DocumentType.PRODUCT]] == ["A"]


def test_documents_that_tie_are_all_kept(tmp_path, shelf):
    collector = SnapshotCollector()
    for _ in range(3):
        collector.add(shelf.point("same", 1).evidence)
    collector.write(tmp_path / "snapshot.json")
    assert "same" in (tmp_path / "snapshot.json").read_text()


@pytest.mark.parametrize("text", ["{", "[]", '{"product": [{"id": 1}]}', "\x00"])
def test_a_damaged_snapshot_is_no_snapshot(tmp_path, text):
    (tmp_path / "index").mkdir()
    (tmp_path / "snapshot.json").write_text(text)
    assert load_snapshot(tmp_path) == {}


def test_no_snapshot(tmp_path):
    assert load_snapshot(tmp_path / "nowhere") == {}
