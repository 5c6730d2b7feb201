from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.settings import Settings
from app.traces.age import age_of
from app.traces.feedback import FeedbackLog, FeedbackUpload
from app.traces.projects import Projects
from app.traces.query import RunQuery
from app.traces.redaction import Redaction
from app.traces.retention import Pruned, RetainingStore, prune
from app.traces.run import RunUpload
from graphs.guardrails.policy import Policy

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAYS = {1: 40, 2: 29, 3: 31}  # age of each trace


@pytest.fixture
def filled(either):
    """Three traces of two runs; what belongs to the first goes on until today. Feedback on the first and the second."""
    either.clock = lambda: NOW
    log = FeedbackLog(either)
    for number, days in DAYS.items():
        began, project = NOW - timedelta(days=days), "shop" if number < 3 else "other"
        trace, child = UUID(int=number), UUID(int=10 + number)
        root = RunUpload(id=trace, name="turn", start_time=began, session_name=project)
        below = RunUpload(id=child, trace_id=trace, parent_run_id=trace, start_time=NOW, session_name=project)
        either.ingest([("post", root), ("post", below)])
    log.add([FeedbackUpload(key="correctness", run_id=UUID(int=run), score=1) for run in (1, 11, 2)])
    return either


def _left(store) -> set[int]:
    return {run.run.id.int for run in store.query(RunQuery()).runs}


def test_a_trace_goes_whole_with_its_feedback_once_it_began_long_ago(filled) -> None:
    month = timedelta(days=30)
    assert prune(filled, month, dry_run=True) == Pruned(traces=2, runs=4, feedback=2)
    assert len(_left(filled)) == 6
    assert prune(filled, month) == Pruned(traces=2, runs=4, feedback=2)
    assert _left(filled) == {2, 12}
    assert [each["run_id"] for each in FeedbackLog(filled).listed({}, limit=9)] == [str(UUID(int=2))]
    assert prune(filled, month) == Pruned(0, 0, 0)


def test_one_project_alone_is_pruned_and_stays_a_project(filled) -> None:
    (other,) = Projects(filled).listed({"name": "other"}, limit=1)
    assert prune(filled, timedelta(days=30), [UUID(other["id"])]).traces == 1
    assert _left(filled) == {1, 11, 2, 12}
    assert len(Projects(filled).listed({}, limit=9)) == 2


def test_a_retaining_store_prunes_as_it_writes_once_an_hour(filled) -> None:
    now = [NOW]
    store = RetainingStore(filled.database, Redaction.load(Policy.load()), lambda: now[0], timedelta(days=30))
    assert len(_left(store)) == 6
    fresh = RunUpload(id=UUID(int=50), start_time=NOW)
    store.ingest([("post", fresh)])
    assert _left(store) == {2, 12, 50}
    now[0] = NOW + timedelta(days=1, minutes=30)
    store.ingest([("post", fresh)])
    assert _left(store) == {50}
    now[0] += timedelta(minutes=59)
    store.ingest([("post", RunUpload(id=UUID(int=51), start_time=NOW - timedelta(days=60)))])
    assert _left(store) == {50, 51}


@pytest.mark.parametrize(
    ("words", "age"), [("12h", timedelta(hours=12)), ("30d", timedelta(30)), (" 8w", timedelta(56))]
)
def test_ages_are_read_as_people_write_them(words, age) -> None:
    assert age_of(words) == age
    assert Settings(traces_keep=words).traces_keep == age


@pytest.mark.parametrize("words", ["", "30", "d", "0d", "-3d", "3 months", "1.5d"])
def test_what_is_no_age_is_refused(words) -> None:
    with pytest.raises(ValueError, match="say 12h, 30d or 8w"):
        age_of(words)
