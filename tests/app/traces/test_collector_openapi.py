"""The collector held to its own OpenAPI document: whatever is sent gets a proper status, and what was stored stays.

`make test-collector` sends some hundred times as much.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from sqlalchemy import select
from starlette.testclient import TestClient

from app.traces.collector import create_collector
from app.traces.opening import open_traces
from app.traces.tables import METADATA

EXAMPLES = int(os.environ.get("COLLECTOR_EXAMPLES", "3"))
PROPER = (not_a_server_error, status_code_conformance, content_type_conformance)
RUN, CHILD, DATASET = (UUID(int=number) for number in (7, 8, 9))
BOUNDED = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=[*HealthCheck]
)


def _stored(store) -> dict[str, set[tuple]]:
    with store.database.reading() as connection:
        tables = METADATA.sorted_tables
        return {table.name: {tuple(row) for row in connection.execute(select(table))} for table in tables}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("collector") / "traces.db"
    with open_traces(path, lambda: datetime.now(UTC)) as opened:
        yield opened


@pytest.fixture(scope="module")
def collector(store):
    """With something in every table."""
    app = create_collector(store)
    client = TestClient(app)
    run = {"id": str(RUN), "name": "turn", "start_time": "2026-11-03T12:00:00Z", "session_name": "kept"}
    for path, body in (
        ("/runs", run),
        ("/runs", {**run, "id": str(CHILD), "trace_id": str(RUN), "parent_run_id": str(RUN)}),
        ("/feedback", {"key": "correctness", "run_id": str(RUN), "score": 1}),
        ("/datasets", {"id": str(DATASET), "name": "kept"}),
        ("/examples", {"dataset_id": str(DATASET), "inputs": {"question": "a tent"}}),
    ):
        assert client.post(path, json=body).status_code < 300
    return app


@pytest.fixture(scope="module")
def before(store, collector):
    """What was stored before anything was tried; still there when everything was."""
    known = _stored(store)
    assert all(known.values())
    yield known
    after = _stored(store)
    assert {table: rows - after[table] for table, rows in known.items()} == {table: set() for table in known}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_gets_a_proper_status(before, collector, mode) -> None:
    """As the document says it should be, and as it should not be."""
    document = schemathesis.openapi.from_asgi("/openapi.json", collector)
    operations = [found.ok() for found in document.get_all_operations()]
    takers = [each for each in operations if each.body or each.query or each.path_parameters]
    assert (len(takers), len(operations) - len(takers)) == (34, 2)  # nothing can be wrong about asking the others
    for operation in operations if mode is GenerationMode.POSITIVE else takers:
        _tried(operation.as_strategy(generation_mode=mode))


def _tried(cases: st.SearchStrategy) -> None:
    @given(case=cases)
    @BOUNDED
    def tried(case) -> None:
        case.call_and_validate(checks=PROPER)

    tried()


SENT = UUID(int=10)
HEAD = '--b\r\nContent-Disposition: form-data; name="{}"\r\nContent-Type: application/json\r\n\r\n{}\r\n'
UPLOAD = (
    "".join(
        HEAD.format(name, json.dumps(body))
        for name, body in (
            (f"post.{SENT}", {"name": "sent", "start_time": "2026-11-03T12:00:00Z", "session_name": "sent"}),
            (f"post.{SENT}.inputs", {"question": "a tent"}),
            (f"patch.{SENT}", {"end_time": "2026-11-03T12:00:01Z"}),
            (f"feedback.{SENT}", {"id": str(SENT), "run_id": str(SENT), "key": "correctness", "score": 1}),
        )
    ).encode()
    + b"--b--\r\n"
)


@st.composite
def _mangled(draw) -> bytes:
    """Cut short, said twice in part, or with other bytes in it."""
    start, end = sorted((draw(st.integers(0, len(UPLOAD))), draw(st.integers(0, len(UPLOAD)))))
    put = draw(st.one_of(st.just(b""), st.just(UPLOAD[start:end] * 2), st.binary(max_size=8)))
    return UPLOAD[:start] + put + UPLOAD[end:]


def _sent(collector, body: bytes, packed: bool) -> int:
    """Bytes that were packed are mangled after the packing."""
    headers = {"content-type": "multipart/form-data; boundary=b", **({"content-encoding": "zstd"} if packed else {})}
    return (
        TestClient(collector, raise_server_exceptions=False)
        .post("/runs/multipart", content=body, headers=headers)
        .status_code
    )


@given(body=_mangled(), packed=st.booleans())
@settings(BOUNDED, max_examples=30 * EXAMPLES)
def test_a_mangled_upload_is_stored_whole_or_not_at_all(before, store, collector, body, packed) -> None:
    assert _sent(collector, UPLOAD, packed=False) == 202
    known = _stored(store)
    status = _sent(collector, body, packed)
    assert status in (202, 413, 422)
    if status != 202:
        assert _stored(store) == known


def test_the_same_upload_again_changes_nothing_but_when_it_came(store, collector) -> None:
    assert _sent(collector, UPLOAD, packed=False) == 202
    first = _stored(store)
    assert _sent(collector, UPLOAD, packed=False) == 202
    again = _stored(store)
    assert [table for table in first if first[table] != again[table] and table != "trace_feedback"] == []
    assert len(again["trace_feedback"]) == len(first["trace_feedback"])


def test_every_route_that_takes_a_body_describes_it(collector) -> None:
    paths = collector.openapi()["paths"]
    told = {
        (path, method): "requestBody" in said for path, methods in paths.items() for method, said in methods.items()
    }
    takes = {key: described for key, described in told.items() if key[1] in ("post", "put", "patch")}
    assert len(takes) > 12
    assert [key for key, described in takes.items() if not described] == []
