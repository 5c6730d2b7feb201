"""A collector that speaks OTLP over HTTP gets the spans of a turn; one that is away costs the turn nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from app.telemetry import opening
from app.telemetry.opening import exporting
from graphs.observing import TurnRecord
from graphs.state import NodeRun
from graphs.turn import Turn

START_NS = 1_762_000_000_000_000_000
RUN_ID = "0123456789abcdef0123456789abcdef"


class Collector(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.daemon_threads = True
        self.got: list[tuple[str, bytes]] = []
        self.answers = threading.Event()
        self.answers.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.answers.wait()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def record() -> TurnRecord:
    node = NodeRun("receive", START_NS + 1_000, 1_000_000, {}, {"said": "a coat"})
    return TurnRecord(RUN_ID, "t1", Turn("a coat", "maya"), "composer", START_NS, START_NS + 5_000_000, [node])


def _spans(collector: Collector) -> tuple[dict[str, Span], dict[str, str]]:
    ((path, body),) = collector.got
    assert path == "/v1/traces"
    (resource,) = ExportTraceServiceRequest.FromString(body).resource_spans
    named = {each.key: each.value.string_value for each in resource.resource.attributes}
    return {span.name: span for scope in resource.scope_spans for span in scope.spans}, named


def test_spans_reach_a_collector_as_protobuf(collector, record) -> None:
    with exporting(collector.url + "/", texts=False) as observer:
        observer.see(record)
    spans, resource = _spans(collector)
    root, node = spans["invoke_agent shelfwise"], spans["receive"]
    assert resource["service.name"] == "shelfwise"
    assert root.trace_id.hex() == node.trace_id.hex() == RUN_ID
    assert (root.parent_span_id, node.parent_span_id) == (b"", root.span_id)
    assert (root.start_time_unix_nano, root.end_time_unix_nano) == (START_NS, START_NS + 5_000_000)
    assert (node.start_time_unix_nano, node.end_time_unix_nano) == (START_NS + 1_000, START_NS + 1_001_000)
    told = {each.key: each.value.string_value for each in root.attributes}
    assert (told["gen_ai.operation.name"], told["gen_ai.conversation.id"]) == ("invoke_agent", "t1")
    assert b"coat" not in collector.got[0][1]


def test_texts_are_a_choice_and_the_service_has_the_operators_name(collector, record, monkeypatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "storefront")
    with exporting(collector.url, texts=True) as observer:
        observer.see(record)
    spans, resource = _spans(collector)
    assert resource["service.name"] == "storefront"
    told = {each.key: each.value.string_value for each in spans["invoke_agent shelfwise"].attributes}
    assert "a coat" in told["gen_ai.input.messages"]


def test_a_collector_that_never_answers_stops_nothing(collector, record, monkeypatch) -> None:
    monkeypatch.setattr(opening, "_LAST_S", 0.2)
    monkeypatch.setattr(opening, "_TIMEOUT_S", 0.2)
    collector.answers.clear()
    with exporting(collector.url, texts=False) as observer:
        for _ in range(3_000):  # more than may wait for it
            observer.see(record)
    assert collector.got  # it was tried, and given up
    assert not collector.answers.is_set()
    collector.answers.set()


def test_a_collector_that_is_away_is_told_of_and_no_more(record, monkeypatch, caplog) -> None:
    monkeypatch.setattr(opening, "_LAST_S", 0.2)
    with exporting("http://127.0.0.1:9", texts=False) as observer:
        observer.see(record)
    assert "export" in caplog.text
