import json
import shutil

import pytest

from retrievers.catalogue import DocumentType
from retrievers.index.files import FileLock, write_atomically
from retrievers.index.generations import Generations, NoPreviousGeneration
from retrievers.index.owner import open_index
from retrievers.index.protocol import IndexUnavailable, Query
from retrievers.index.snapshot import load_snapshot
from retrievers.index.writer import EdgeWriter


def served(data):
    index = open_index(data)
    try:
        (hits,) = index.search([Query(DocumentType.PRODUCT, 10)])
        return [hit.evidence.title for hit in hits]
    finally:
        index.close()


def on_disk(data):
    return {path.name for path in (data / "index" / "generations").iterdir() if path.is_dir()}


def test_nothing_is_visible_before_publish(tmp_path, shelf):
    writer = EdgeWriter(tmp_path, shelf.dimensions)
    writer.upsert([shelf.point("A", 1)])
    with pytest.raises(IndexUnavailable, match="shelfwise ingest products FILE"):
        served(tmp_path)
    writer.publish(shelf.manifest(writer.generation))
    assert served(tmp_path) == ["A"]


def test_reading_a_missing_index_creates_nothing(tmp_path):
    with pytest.raises(IndexUnavailable, match=r"there is no index in .*: run `shelfwise ingest products FILE` or"):
        open_index(tmp_path / "data").manifest()
    assert not (tmp_path / "data").exists()


def test_the_last_two_generations_are_kept(tmp_path, shelf):
    built = [shelf.build(tmp_path, [shelf.point(name, 1)]) for name in "ABC"]
    assert on_disk(tmp_path) == set(built[1:])
    assert [manifest.generation for manifest in Generations(tmp_path).finished()] == [built[2], built[1]]
    assert list((tmp_path / "index" / "generations").glob("*.lock")) == []


def test_rollback_serves_the_previous_one_and_its_snapshot(tmp_path, shelf):
    first = shelf.build(tmp_path, [shelf.point("A", 1)])
    shelf.build(tmp_path, [shelf.point("B", 2)])
    assert served(tmp_path) == ["B"]
    assert Generations(tmp_path).rollback() == first
    assert served(tmp_path) == ["A"]
    assert [evidence.title for evidence in load_snapshot(tmp_path)["product"]] == ["A"]


def test_after_a_rollback_the_bad_generation_is_not_the_one_to_roll_back_to(tmp_path, shelf):
    good, bad = (shelf.build(tmp_path, [shelf.point(name, 1)]) for name in ("good", "bad"))
    generations = Generations(tmp_path)
    generations.rollback()
    with pytest.raises(NoPreviousGeneration, match="nothing was changed"):
        generations.rollback()
    newest = shelf.build(tmp_path, [shelf.point("new", 1)])
    assert on_disk(tmp_path) == {good, newest}
    assert bad not in on_disk(tmp_path)
    assert generations.rollback() == good


def test_rollback_to_a_damaged_generation_changes_nothing(tmp_path, shelf):
    first, second = (shelf.build(tmp_path, [shelf.point(name, 1)]) for name in "AB")
    (Generations(tmp_path).directory(first) / "manifest.json").write_text("{")
    with pytest.raises(IndexUnavailable, match=f"{first} is damaged"):
        Generations(tmp_path).rollback()
    assert Generations(tmp_path).alias().current == second


def test_abandoning_leaves_the_served_generation_alone(tmp_path, shelf):
    current = shelf.build(tmp_path, [shelf.point("A", 1)])
    writer = EdgeWriter(tmp_path, shelf.dimensions)
    writer.upsert([shelf.point("B", 2)])
    writer.abandon()
    assert on_disk(tmp_path) == {current}
    assert served(tmp_path) == ["A"]


def test_a_broken_off_build_is_ignored_and_removed_by_the_next(tmp_path, shelf):
    shelf.build(tmp_path, [shelf.point("A", 1)])
    broken = tmp_path / "index" / "generations" / "20260101T000000-abcdef"
    broken.mkdir()
    (broken / "product").mkdir()
    assert served(tmp_path) == ["A"]
    assert broken.name not in [manifest.generation for manifest in Generations(tmp_path).finished()]
    EdgeWriter(tmp_path, shelf.dimensions).abandon()
    assert not broken.exists()


def test_a_build_under_way_survives_another_publish(tmp_path, shelf):
    slow = EdgeWriter(tmp_path, shelf.dimensions)
    shelf.build(tmp_path, [shelf.point("fast", 1)])
    assert slow.generation in on_disk(tmp_path)
    shelf.publish(slow, [shelf.point("slow", 2)])
    assert served(tmp_path) == ["slow"]


def test_another_generations_manifest_is_refused(tmp_path, shelf):
    writer = EdgeWriter(tmp_path, shelf.dimensions)
    with pytest.raises(ValueError, match="the manifest is of generation other"):
        writer.publish(shelf.manifest("other"))
    writer.abandon()


def test_a_damaged_alias_or_shard_is_unavailable(tmp_path, shelf):
    generation = shelf.build(tmp_path, [shelf.point("A", 1)])
    shutil.rmtree(tmp_path / "index" / "generations" / generation / "product")
    with pytest.raises(IndexUnavailable, match="cannot be read"):
        served(tmp_path)
    (tmp_path / "index" / "alias.json").write_text("[]")
    with pytest.raises(IndexUnavailable, match=r"alias\.json cannot be read"):
        served(tmp_path)


def test_a_lock_is_exclusive_until_released(tmp_path):
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_a_failed_write_leaves_the_old_file(tmp_path):
    target = tmp_path / "file"
    write_atomically(target, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(target, "\ud800")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_the_alias_names_both_generations(tmp_path, shelf):
    first, second = (shelf.build(tmp_path, [shelf.point(name, 1)]) for name in "AB")
    alias = json.loads((tmp_path / "index" / "alias.json").read_text())
    assert alias == {"current": second, "previous": first}
