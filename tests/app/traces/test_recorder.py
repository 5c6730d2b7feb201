"""Good times and bad ones: what was promised is kept, what could not be is counted, and no turn waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from app.traces import recorder as recorders
from app.traces.query import RunQuery
from app.traces.recorder import Recorder
from app.traces.spool import Spool
from graphs.observing import TurnRecord
from graphs.state import NodeRun
from graphs.turn import Turn
from tools.shop.errors import ShopStoreError

START_NS = 1_762_000_000_000_000_000


def _record(said: str = "a coat", thread: str = "t1") -> TurnRecord:
    node = NodeRun("receive", START_NS, 1_000_000, {}, {"said": said})
    return TurnRecord(uuid4().hex, thread, Turn(said, "maya"), "composer", START_NS, START_NS + 5_000_000, [node])


class Switch:
    """A store that can be out of reach."""

    def __init__(self, store) -> None:
        self.store, self.is_on, self.opened = store, True, 0

    def __call__(self):
        self.opened += 1
        if not self.is_on:
            raise ShopStoreError("switched off")
        return self.store


@pytest.fixture
def switch(store) -> Switch:
    return Switch(store)


@pytest.fixture
def spool(tmp_path) -> Spool:
    return Spool(tmp_path / "spool" / "traces.jsonl")


@pytest.fixture
def start(switch, spool, monkeypatch):
    monkeypatch.setattr(recorders, "_RETRY_S", 0.05)
    monkeypatch.setattr(recorders, "_LINGER_S", 0.01)
    started: list[Recorder] = []

    def begin(spool: Spool = spool, **given) -> Recorder:
        started.append(Recorder(switch, spool, switch.store.redaction, "shop", **given))
        return started[-1]

    yield begin
    for each in started:
        each.close()


def _until(true: Callable[[], bool]) -> None:
    for _ in range(6000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to be")


def _messages(store) -> list[str]:
    return sorted(run.run.inputs["message"] for run in store.query(RunQuery(is_root=True)).runs)


def test_turns_are_stored_and_counted(start, store) -> None:
    recorder, record = start(), _record("a coat for kim@example.com")
    recorder.see(record)
    recorder.close()
    assert [run.row["name"] for run in store.trace(UUID(record.run_id))] == ["turn", "receive"]
    assert _messages(store) == ["a coat for [email]"]
    assert recorder.counts == {"stored": 1, "spooled": 0, "dropped": 0}


def test_what_came_while_the_store_was_away_is_stored_when_it_is_back(start, switch, store, spool, tmp_path) -> None:
    switch.is_on = False
    recorder = start()
    for number in range(3):
        recorder.see(_record(f"coat {number} for kim@example.com"))
    _until(lambda: recorder.counts["spooled"] == 3)
    assert "kim" not in (tmp_path / "spool" / "traces.jsonl").read_text()
    assert store.query(RunQuery()).runs == ()
    switch.is_on = True
    _until(lambda: spool.is_empty)
    assert _messages(store) == [f"coat {number} for [email]" for number in range(3)]


def test_another_process_stores_what_one_left_behind(start, switch, store, spool) -> None:
    switch.is_on = False
    first = start()
    first.see(_record("left behind"))
    first.close()
    assert not spool.is_empty
    switch.is_on = True
    second = start()
    second.see(_record("new"))
    second.close()
    assert _messages(store) == ["left behind", "new"]


def test_an_erasure_is_kept_in_its_place(start, switch, store, spool) -> None:
    switch.is_on = False
    recorder = start()
    recorder.see(_record("before", thread="t1"))
    recorder.see(_record("other", thread="t2"))
    recorder.forget("t1")
    recorder.see(_record("after", thread="t1"))
    _until(lambda: recorder.counts["spooled"] == 3)
    switch.is_on = True
    _until(lambda: spool.is_empty)
    assert _messages(store) == ["after", "other"]


def test_a_full_spool_and_a_full_queue_drop_and_count(start, switch, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(recorders, "QUEUED", 1)
    switch.is_on = False
    recorder = start(Spool(tmp_path / "small.jsonl", most_bytes=10))
    recorder.see(_record())
    _until(lambda: recorder.counts["dropped"] == 1)
    assert (tmp_path / "small.jsonl").stat().st_size <= 10


def test_a_turn_does_not_wait_for_a_store_that_hangs(start, switch, monkeypatch) -> None:
    monkeypatch.setattr(recorders, "QUEUED", 4)
    hanging, released = threading.Event(), threading.Event()

    def hang(runs) -> int:
        hanging.set()
        released.wait()
        return 0

    monkeypatch.setattr(switch.store, "ingest", hang)
    recorder = start()
    recorder.see(_record())
    assert hanging.wait(60)
    for _ in range(10):
        recorder.see(_record())
    assert recorder.counts == {"stored": 0, "spooled": 0, "dropped": 6}
    released.set()


def test_a_turn_that_cannot_be_told_is_counted_and_the_next_is_kept(start, store) -> None:
    recorder, broken = start(), _record()
    broken.run_id = "no id"
    recorder.see(broken)
    _until(lambda: recorder.counts["dropped"] == 1)
    recorder.see(_record("whole"))
    recorder.close()
    assert _messages(store) == ["whole"]


def test_half_a_line_is_passed_over(start, store, tmp_path) -> None:
    path = tmp_path / "spool" / "traces.jsonl"
    path.parent.mkdir()
    path.write_text('{"kind": "post", "run": {"id"\n{"kind": "post"}\n{"neither": 1}\n')
    recorder = start()
    recorder.see(_record("whole"))
    recorder.close()
    assert _messages(store) == ["whole"]
    assert path.read_text() == ""


def test_a_disk_that_takes_nothing_costs_the_traces_only(start, switch, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    switch.is_on = False
    recorder = start(Spool(tmp_path / "file" / "below"))
    recorder.see(_record())
    _until(lambda: recorder.counts["dropped"] == 1)


def test_whoever_waits_finds_what_came_before_stored(start, store) -> None:
    recorder = start()
    for said in ("one", "two"):
        recorder.see(_record(said))
    assert recorder.settle()
    assert sorted(_messages(store)) == ["one", "two"]
    recorder.forget("t1")
    assert recorder.settle()
    assert _messages(store) == []


def test_whoever_waits_is_not_kept_waiting_by_a_store_that_fails(start, switch, spool) -> None:
    switch.is_on = False
    recorder = start()
    recorder.see(_record())
    assert recorder.settle()
    assert not spool.is_empty


def test_what_another_process_had_forgotten_is_not_stored(start, store) -> None:
    recorder = start(forgotten=lambda threads: {"t1"} & set(threads))
    recorder.see(_record("forgotten", "t1"))
    recorder.see(_record("kept", "t2"))
    assert recorder.settle()
    assert _messages(store) == ["kept"]


def test_what_is_forgotten_while_it_is_stored_goes_again(start, store) -> None:
    asked: list[set[str]] = []

    def forgotten(threads):
        asked.append(set(threads))
        return {"t1"} if len(asked) > 1 else ()

    recorder = start(forgotten=forgotten)
    recorder.see(_record("forgotten", "t1"))
    assert recorder.settle()
    assert asked == [{"t1"}, {"t1"}]
    assert store.query(RunQuery()).runs == ()


def test_of_what_waited_in_the_spool_nothing_forgotten_is_stored(start, switch, store, spool) -> None:
    switch.is_on = False
    first = start()
    for number in range(3):
        first.see(_record(f"coat {number}", f"t{number}"))
    first.close()
    switch.is_on = True
    second = start(forgotten=lambda threads: {"t1"} & set(threads))
    assert second.settle()
    second.see(_record("new", "t9"))
    assert second.settle()
    assert _messages(store) == ["coat 0", "coat 2", "new"]
    assert len(store.query(RunQuery()).runs) == 6


def test_where_nobody_can_say_what_is_forgotten_it_waits(start, store, spool) -> None:
    def down(threads):
        raise ShopStoreError("switched off")

    recorder = start(forgotten=down)
    recorder.see(_record())
    assert recorder.settle()
    assert (store.query(RunQuery()).runs, spool.is_empty) == ((), False)


def test_what_is_to_be_forgotten_is_not_dropped_for_want_of_room(start, switch, store, tmp_path) -> None:
    recorder = start(Spool(tmp_path / "small.jsonl", most_bytes=10))
    recorder.see(_record("forgotten", "t1"))
    recorder.see(_record("kept", "t2"))
    assert recorder.settle()
    switch.store, recorder._store = _Down(), None
    recorder.forget("t1")
    assert recorder.settle()
    switch.store = store
    recorder._store = None
    _until(lambda: _messages(store) == ["kept"])


class _Down:
    """A store that was reached and fails."""

    def ingest(self, uploads) -> int:
        raise ShopStoreError("switched off")

    forget = ingest
