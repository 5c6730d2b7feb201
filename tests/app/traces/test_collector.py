"""Requests that are not what they should be get a proper status, and the store stays as it was."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
import zstandard
from fastapi.testclient import TestClient

from app.traces.collector import bodies, create_collector
from app.traces.query import RunQuery

RUN = str(UUID(int=7))
START = "2026-11-03T12:00:00Z"


@pytest.fixture
def client(store) -> TestClient:
    return TestClient(create_collector(store), raise_server_exceptions=False)


def _multipart(parts: list[tuple[str, str]], end: str = "--b--\r\n") -> bytes:
    head = '--b\r\nContent-Disposition: form-data; name="{}"\r\nContent-Type: application/json\r\n\r\n{}\r\n'
    return ("".join(head.format(name, text) for name, text in parts) + end).encode()


def _send(client: TestClient, body: bytes, **headers: str):
    given = {"content-type": "multipart/form-data; boundary=b"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return client.post("/runs/multipart", content=body, headers=given)


GOOD = (f"post.{RUN}", json.dumps({"name": "turn", "start_time": START, "session_name": "shop"}))


def test_a_batch_is_kept_plain_and_packed(client, store) -> None:
    inputs = (f"post.{RUN}.inputs", '{"message": "coat"}')
    assert _send(client, _multipart([GOOD])).status_code == 202
    packed = zstandard.ZstdCompressor().compress(_multipart([GOOD, inputs]))
    assert _send(client, packed, content_encoding="zstd").status_code == 202
    assert store.read(UUID(RUN)).run.inputs == {"message": "coat"}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {"content_type": "application/json"}, 422),
        (b"not multipart", {}, 422),
        (_multipart([GOOD], end=""), {}, 422),
        (_multipart([GOOD, (f"post.{uuid4()}", "{not json")]), {}, 422),
        (_multipart([GOOD, (f"post.{uuid4()}", "[1]")]), {}, 422),
        (_multipart([GOOD, (f"post.{uuid4()}", '{"start_time": "yesterday"}')]), {}, 422),
        (_multipart([GOOD, (f"post.{uuid4()}.inputs", '{"a": 1}')]), {}, 422),
        (_multipart([GOOD, ("post.no-id", "{}")]), {}, 422),
        (_multipart([GOOD, (f"other.{uuid4()}", "{}")]), {}, 422),
        (_multipart([GOOD, (f"feedback.{uuid4()}", '{"score": "high"}')]), {}, 422),
        (_multipart([GOOD, (f"post.{uuid4()}", '{"a":' * 5_000 + "1" + "}" * 5_000)]), {}, 422),
        (_multipart([GOOD, (f"post.{uuid4()}", '{"inputs": {"n": NaN}}')]), {}, 422),
        (b"neither", {"content_encoding": "zstd"}, 422),
        (b"neither", {"content_encoding": "br"}, 422),
        (zstandard.ZstdCompressor().compress(bytes(bodies.MOST_UNPACKED + 1)), {"content_encoding": "zstd"}, 413),
        (b"x" * (bodies.MOST_BYTES + 1), {}, 413),
        (_multipart([(f"post.{RUN}", "{}")] * (bodies.MOST_PARTS + 1)), {}, 413),
    ],
)
def test_a_bad_batch_leaves_nothing_behind(client, store, body, headers, status) -> None:
    refused = _send(client, body, **headers)
    assert (refused.status_code, "\n" in refused.json()["detail"]) == (status, False)
    assert store.query(RunQuery()).runs == ()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/runs", {"name": "no id"}, 422),
        ("POST", "/runs", [], 422),
        ("PATCH", "/runs/not-an-id", {}, 422),
        ("POST", "/runs/batch", {"post": {}}, 422),
        ("GET", f"/runs/{RUN}", None, 404),
        ("POST", "/runs/query", {"filter": "eq(name"}, 422),
        ("POST", "/runs/query", {"filter": 'eq(nothing, "a")'}, 422),
        ("POST", "/runs/query", {"filter": 'gt(latency, "long")'}, 422),
        ("POST", "/runs/query", {"filter": "gt(total_tokens, 99999999999999999999)"}, 422),
        ("POST", "/runs/query", {"filter": "not(" * 100 + 'eq(name, "a")' + ")" * 100}, 422),
        ("POST", "/runs/query", {"cursor": "bm90"}, 422),
        ("POST", "/runs/query", {"cursor": "ü"}, 422),
        ("POST", "/runs/query", {"limit": 0}, 422),
        ("POST", "/api/v2/runs/query", {"project_ids": "x"}, 422),
        ("POST", "/sessions", {}, 422),
        ("PATCH", f"/sessions/{RUN}", {"name": "x"}, 404),
        ("GET", "/sessions?limit=1000", None, 422),
        ("POST", "/datasets", {"name": ""}, 422),
        ("POST", "/examples", {"inputs": {}}, 422),
        ("POST", "/examples", {"inputs": {}, "dataset_id": RUN}, 404),
        ("GET", "/examples?as_of=yesterday", None, 404),
        ("PATCH", f"/examples/{RUN}", {"inputs": {}}, 404),
        ("POST", "/feedback", {"key": "a", "score": "high"}, 422),
        ("DELETE", f"/feedback/{RUN}", None, 404),
        ("PUT", f"/datasets/{RUN}/tags", {"tag": 1}, 422),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(client, method, path, body, status) -> None:
    refused = client.request(method, path, json=body)
    assert refused.status_code == status, refused.text
    assert refused.json()["detail"]


def test_a_page_of_another_site_is_refused(client, store) -> None:
    run = {"id": RUN, "name": "turn", "start_time": START}
    assert client.post("/runs", json=run, headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert store.query(RunQuery()).runs == ()
    assert client.post("/runs", json=run, headers={"origin": "http://testserver"}).status_code == 202


def test_attachments_are_named_and_not_kept(client, store) -> None:
    picture = (f"attachment.{RUN}.picture", "bytes")
    assert _send(client, _multipart([GOOD, picture])).status_code == 202
    assert store.read(UUID(RUN)).run.extra == {"metadata": {"attachments_not_kept": ["picture"]}}


def test_a_closed_database_is_told_as_such(client, store, tmp_path) -> None:
    store.database.close()
    (tmp_path / "traces.db").unlink()
    (tmp_path / "traces.db").mkdir()
    refused = client.post("/runs", json={"id": RUN, "name": "turn"})
    assert refused.status_code == 503
    assert refused.json()["detail"].startswith("the database at ")
