"""What comes twice, late or in the wrong order, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.traces.feedback import FeedbackLog, FeedbackUpload
from app.traces.query import RunQuery
from app.traces.run import RunUpload

START = datetime(2026, 11, 3, 12, tzinfo=UTC)
RUN = UUID(int=7)


def _begun(**said) -> RunUpload:
    given = {"id": RUN, "name": "turn", "start_time": START, "inputs": {"message": "coat"}, "session_name": "shop"}
    return RunUpload(**(given | said))


def _ended(after_s: float, **said) -> RunUpload:
    return RunUpload(id=RUN, end_time=START + timedelta(seconds=after_s), **said)


def test_a_run_is_put_together_from_its_parts(either) -> None:
    either.ingest([("post", _begun())])
    assert either.read(RUN).row["status"] == "pending"
    either.ingest([("patch", _ended(2, outputs={"answer": "this"}))])
    stored = either.read(RUN)
    assert (stored.row["status"], stored.row["latency_s"], stored.row["name"]) == ("success", 2.0, "turn")
    assert stored.run.inputs == {"message": "coat"}
    assert stored.run.outputs == {"answer": "this"}


def test_the_end_may_come_first(either) -> None:
    either.ingest([("patch", _ended(2, outputs={"answer": "this"}))])
    either.ingest([("post", _begun())])
    stored = either.read(RUN)
    assert (stored.row["status"], stored.row["latency_s"], stored.row["name"]) == ("success", 2.0, "turn")
    (listed,) = either.query(RunQuery(session=[stored.row["project_id"]])).runs
    assert listed.run.session_name == "shop"


def test_what_comes_again_changes_nothing(either) -> None:
    uploads = [("post", _begun()), ("patch", _ended(2, outputs={"answer": "this"}))]
    either.ingest(uploads)
    before = either.read(RUN)
    for _ in range(2):
        either.ingest(uploads)
    assert either.read(RUN) == before
    assert len(either.query(RunQuery()).runs) == 1


def test_a_later_patch_wins_and_an_earlier_one_unfinishes_nothing(either) -> None:
    either.ingest([("post", _begun()), ("patch", _ended(2, outputs={"answer": "this"}))])
    either.ingest([("patch", _ended(1, outputs={"answer": "early"}, tags=["late"]))])
    either.ingest([("patch", RunUpload(id=RUN, outputs={"answer": "unfinished"}))])
    stored = either.read(RUN)
    assert stored.run.outputs == {"answer": "this"}
    assert stored.run.tags == ["late"]
    either.ingest([("patch", _ended(3, error="it broke after all"))])
    assert (either.read(RUN).row["status"], either.read(RUN).row["latency_s"]) == ("error", 3.0)


def test_a_trace_is_read_in_order_and_forgotten_with_its_conversation(either) -> None:
    child, other = uuid4(), uuid4()
    root = _begun(extra={"metadata": {"thread_id": "t1"}})
    later = START + timedelta(seconds=1)
    either.ingest(
        [
            ("post", RunUpload(id=child, trace_id=RUN, parent_run_id=RUN, name="retrieve", start_time=later)),
            ("post", root),
            ("post", _begun(id=other, extra={"metadata": {"thread_id": "t2"}})),
        ]
    )
    assert [stored.row["name"] for stored in either.trace(RUN)] == ["turn", "retrieve"]
    assert either.forget("t1") == 2
    assert either.trace(RUN) == []
    assert either.read(other) is not None


def test_searching_and_leafing_through(either) -> None:
    shapes = ["wool coat", "COAT_100%", "tent", "자켓"]
    for number, message in enumerate(shapes):
        start = START + timedelta(seconds=number // 2)
        either.ingest([("post", _begun(id=uuid4(), start_time=start, inputs={"message": message}))])

    def found(**wanted):
        return [stored.run.inputs["message"] for stored in either.query(RunQuery(**wanted)).runs]

    assert sorted(found(query="coat")) == ["COAT_100%", "wool coat"]
    assert found(query="100%") == ["COAT_100%"]
    assert found(query="_") == ["COAT_100%"]
    assert found(filter='search("자켓")') == ["자켓"]
    assert found(query="coat wool") == ["wool coat"]
    pages, cursor = [], None
    while True:
        page = either.query(RunQuery(limit=1, cursor=cursor))
        pages += [stored.run.inputs["message"] for stored in page.runs]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(pages) == sorted(shapes)
    assert set(pages[:2]) == {"tent", "자켓"}


def test_what_no_database_keeps_is_kept_away_from_it(either) -> None:
    odd = {"message": "nul \x00 and half \ud83d", "n": float("nan"), "deep": {"a": [{}] * 3}, "\x00": 1}
    either.ingest([("post", _begun(inputs=odd, name="a\x00b"))])
    stored = either.read(RUN)
    assert stored.run.inputs["message"] == "nul � and half �"
    assert stored.run.inputs["n"] is None
    assert stored.run.name == "a�b"


def _asked(number: int, thread: str, user_id: str) -> RunUpload:
    inputs = {"message": f"what {user_id} bought", "user_id": user_id}
    extra = {"metadata": {"thread_id": thread}}
    return RunUpload(id=UUID(int=number), name="turn", start_time=START, inputs=inputs, extra=extra)


def test_whose_conversations_traces_know_of(either) -> None:
    told = [_asked(1, "t1", "maya"), _asked(2, "t2", "jonas"), _asked(3, "t1", "maya"), _asked(4, "t3", "maya_2")]
    either.ingest([("post", run) for run in told])
    assert either.threads_of("maya") == ["t1"]
    assert either.threads_of("m%") == []
    assert sorted(either.traces_of(["t1"])) == [str(UUID(int=1)), str(UUID(int=3))]
    assert either.traces_of(["nothing"]) == []


def test_what_was_said_of_a_trace_is_forgotten_with_it(either) -> None:
    either.ingest([("post", _asked(1, "t1", "maya")), ("post", _asked(2, "t2", "jonas"))])
    log = FeedbackLog(either)
    log.add([FeedbackUpload(key="user_score", run_id=UUID(int=number), score=1) for number in (1, 2)])
    assert either.forget("t1") == 1
    (left,) = log.listed({}, limit=10)
    assert left["run_id"] == str(UUID(int=2))


def test_traces_are_deleted_by_their_ids_or_by_what_their_metadata_say(either) -> None:
    either.ingest([("post", _asked(number, f"t{number}", "maya")) for number in (1, 2, 3, 10)])
    assert either.delete([], {"thread_id": "t1"}) == 1  # and not t10
    assert either.delete([str(UUID(int=2))], {"thread_id": "nobody's"}) == 1
    assert either.delete([], {}) == 0
    assert [either.read(UUID(int=number)) is not None for number in (1, 2, 3, 10)] == [False, False, True, True]
