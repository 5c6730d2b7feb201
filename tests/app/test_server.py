"""Servers and the commands beside them, as real processes over one data directory."""

from __future__ import annotations

import json
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.support.served import Served, ended, run, serving, watched
from tests.support.small_shop import build_small_shop


@pytest.fixture
def data(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    build_small_shop(tmp_path / "shop", datetime.now(UTC), tmp_path_factory.getbasetemp() / "models")
    return tmp_path / "shop"


def test_workers_outlive_the_one_that_holds_the_index(data: Path) -> None:
    with serving(data, "--workers", "2") as server:
        workers = {int(pid) for pid in server.hear(r"Worker (\d+) is ready", times=2)}
        assert server.get("/readyz").json()["ready"] is True
        _answered(server)

        owner = _owner(data)
        (survivor,) = workers - {owner}
        with watched(owner) as first, watched(survivor) as second:
            os.kill(owner, signal.SIGKILL)
            assert ended(first)
            _answered(server)
            assert _owner(data) == survivor  # not the one started in its place, which has only begun to import
            server.hear(r"Worker (\d+) is ready", times=3)

            assert server.interrupt() == 0
            assert ended(second, within_s=0)
    assert "Traceback" not in server.said


def test_no_worker_outlives_its_supervisor(data: Path) -> None:
    with serving(data, "--workers", "2") as server:
        first, second = (int(pid) for pid in server.hear(r"Worker (\d+) is ready", times=2))
        with watched(first) as one, watched(second) as other:
            server.process.kill()
            assert ended(one)
            assert ended(other)


def test_commands_work_while_a_server_is_up(data: Path, tmp_path: Path) -> None:
    page = tmp_path / "wrapping.md"
    page.write_text("# Is gift wrapping free?\n\nGift wrapping is free for orders over $80.\n")
    with serving(data) as server:
        assert server.get("/readyz").json()["ready"] is True
        assert _owner(data) == server.process.pid

        asked = run(data, "ask", "winter coat", "--json")
        assert asked.returncode == 0, asked.stderr
        final = json.loads(asked.stdout)
        assert final["products"]
        assert final["degraded"] == []

        loaded = run(data, "ingest", "documents", str(page), "--type", "faq", "--json")
        assert loaded.returncode == 0, loaded.stderr
        assert json.loads(loaded.stdout)["added"] == 1

        status = run(data, "index", "status", "--json")
        assert status.returncode == 0, status.stderr
        served = json.loads(status.stdout)
        assert served["counts"]["faq"] == 2
        assert (
            server.get("/readyz").json()["generation"] == served["generation"] != final["receipt"]["index_generation"]
        )
        assert "over $80" in server.turn("Is gift wrapping free?")["answer"]
        assert _owner(data) == server.process.pid

        assert server.interrupt() == 0
    assert "Traceback" not in server.said


def test_a_turn_leaves_a_trace_for_operators(data: Path) -> None:
    with serving(data, SHELFWISE_OPERATOR_TOKEN="t" * 16) as server:
        final = server.turn("running shoes")
        assert httpx.get(f"{server.address}/traces/").status_code == 401
        operator = {"authorization": "Bearer " + "t" * 16}
        listed = httpx.get(f"{server.address}/langsmith/sessions", params={"name": "shelfwise"}, headers=operator)
        assert server.interrupt() == 0  # what is queued is kept first
    assert listed.status_code == 200
    shown = run(data, "traces", "show", final["trace_id"], "--json")
    assert shown.returncode == 0, shown.stderr
    root, *children = json.loads(shown.stdout)["runs"]
    assert root["outputs"]["answer"] == final["answer"]
    assert {"retrieve", "generate", "verify_citations"} <= {child["name"] for child in children}
    assert "Traceback" not in server.said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_without_a_catalogue_there_is_nothing_to_serve(tmp_path: Path, workers: str) -> None:
    refused = run(tmp_path / "empty", "serve", "--workers", workers)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "holds no catalogue" in refused.stderr


def test_workers_need_an_address_of_their_own(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run(data, "serve", "--workers", "2", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "choose another with --port" in refused.stderr


def test_a_shop_that_cannot_be_opened_is_not_tried_for_ever(data: Path) -> None:
    (data / "models").unlink()
    (data / "models").write_text("not a directory")
    refused = run(data, "serve", "--workers", "2", "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr.endswith("a worker could not start; the reason is above\n")


def _answered(server: Served) -> None:
    final = server.turn("running shoes")
    assert final["products"]
    assert final["degraded"] == []


def _owner(data: Path) -> int:
    """The process that holds the index."""
    pid: int = json.loads((data / "index" / "owner.json").read_text(encoding="utf-8"))["pid"]
    return pid
