"""Several processes on one data directory. Each child runs `CHILD` and is spoken to over its pipes."""

import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Client

import pytest

from retrievers.catalogue import DocumentType
from retrievers.index.generations import Generations
from retrievers.index.owner import open_index
from retrievers.index.protocol import IndexUnavailable, Query
from retrievers.records import FilterItem

# Reads one command a line, answers one JSON line: what is browsed, and whether this process owns the directory.
CHILD = """
import json, sys
from pathlib import Path
from retrievers.catalogue import DocumentType
from retrievers.index.owner import open_index
from retrievers.index.protocol import IndexUnavailable, Query

index = open_index(Path(sys.argv[1]))
for line in sys.stdin:
    try:
        (hits,) = index.search([Query(DocumentType.PRODUCT, 10)])
        said = {"titles": [hit.evidence.title for hit in hits], "owns": index.owns}
    except IndexUnavailable as error:
        said = {"unavailable": str(error)}
    print(json.dumps(said), flush=True)
index.close()
"""


class Child:
    def __init__(self, data):
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self):
        self.process.stdin.write("search\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


@pytest.fixture
def start():
    children = []

    def start_child(data):
        children.append(Child(data))
        return children[-1]

    yield start_child
    for child in children:
        child.process.kill()
        child.process.wait()
        child.process.stdin.close()
        child.process.stdout.close()


@contextmanager
def opened(data):
    index = open_index(data)
    try:
        yield index
    finally:
        index.close()


def titles(index, **query):
    (hits,) = index.search([Query(DocumentType.PRODUCT, 10, **query)])
    return [hit.evidence.title for hit in hits]


@pytest.fixture
def data(tmp_path, shelf):
    shelf.build(tmp_path, [shelf.point("A", 1, "red shoe", price=5.0, popularity=1.0)])
    return tmp_path


def test_the_first_owns_and_the_second_asks_it(data, start):
    owner, client = start(data), start(data)
    assert owner.ask() == {"titles": ["A"], "owns": True}
    assert client.ask() == {"titles": ["A"], "owns": False}


def test_a_client_says_exactly_what_the_owner_says(data, shelf):
    queries = [
        Query(DocumentType.PRODUCT, 5),
        Query(DocumentType.PRODUCT, 5, shelf.unit(1), shelf.encoder.query("shoe"), heads=("shoe",)),
        Query(DocumentType.PRODUCT, 5, filters=(FilterItem("brand", "not_in", ("x", "y"), "stated"),)),
        Query(DocumentType.FAQ, 5),
    ]
    with opened(data) as owner, opened(data) as client:
        expected = owner.search(queries)
        assert client.search(queries) == expected
        assert [len(hits) for hits in expected] == [1, 1, 1, 0]
        assert client.fetch(["product/A", "product/no"]) == owner.fetch(["product/A"]) != []
        assert client.manifest() == owner.manifest()
        assert (owner.owns, client.owns) == (True, False)


def test_a_client_fetches_a_manifest_once_a_generation(data, shelf):
    with opened(data) as owner, opened(data) as client:
        owner.manifest()
        first = client.manifest()
        assert client.manifest() is first
        published = shelf.build(data, [shelf.point("B", 2)])
        assert first.generation != client.manifest().generation == published


def test_a_client_gets_the_owners_errors(data):
    senseless = Query(DocumentType.PRODUCT, 5, filters=(FilterItem("hue", "eq", "red", "stated"),))
    with opened(data) as owner, opened(data) as client:
        owner.manifest()
        with pytest.raises(ValueError, match="no such filter field: hue"):
            client.search([senseless])
        assert titles(client) == ["A"]


def test_when_the_owner_is_killed_its_client_takes_over(data, start):
    owner, client = start(data), start(data)
    assert owner.ask()["owns"]
    assert not client.ask()["owns"]
    owner.kill()
    assert client.ask() == {"titles": ["A"], "owns": True}
    assert start(data).ask() == {"titles": ["A"], "owns": False}


def test_when_the_owner_ends_in_order_one_of_its_clients_takes_over(data, start):
    owner, first, second = start(data), start(data), start(data)
    assert [child.ask()["owns"] for child in (owner, first, second)] == [True, False, False]
    owner.end()
    assert first.ask() == {"titles": ["A"], "owns": True}
    assert second.ask() == {"titles": ["A"], "owns": False}


def test_an_owner_follows_what_another_process_publishes(data, shelf, start):
    owner, client = start(data), start(data)
    assert owner.ask()["titles"] == client.ask()["titles"] == ["A"]
    shelf.build(data, [shelf.point("B", 2)])
    assert client.ask() == {"titles": ["B"], "owns": False}
    assert owner.ask() == {"titles": ["B"], "owns": True}
    Generations(data).rollback()
    assert client.ask()["titles"] == ["A"]


def test_requests_in_flight_survive_a_publish(data, shelf):
    with opened(data) as owner, opened(data) as client, ThreadPoolExecutor(4) as pool:
        assert titles(owner) == ["A"]
        asked = [pool.submit(titles, index, dense=shelf.unit(1)) for index in (owner, client) * 100]
        for name in "BC":
            shelf.build(data, [shelf.point(name, 2)])
        asked += [pool.submit(titles, index, dense=shelf.unit(1)) for index in (owner, client) * 20]
        answers = [request.result() for request in asked]
    assert {answer[0] for answer in answers} <= {"A", "B", "C"}
    assert answers[-1] == ["C"]


def test_an_index_that_comes_later_is_found(tmp_path, shelf, start):
    waiting = start(tmp_path)
    assert "there is no index" in waiting.ask()["unavailable"]
    shelf.build(tmp_path, [shelf.point("A", 1)])
    assert waiting.ask() == {"titles": ["A"], "owns": True}


def test_the_socket_is_the_users_own(data):
    with opened(data) as owner:
        owner.manifest()
        record = json.loads((data / "index" / "owner.json").read_text())
        assert record["pid"] == os.getpid()
        assert stat.S_IMODE(os.stat(record["address"]).st_mode) == 0o600
        assert stat.S_IMODE(os.stat(os.path.dirname(record["address"])).st_mode) == 0o700
    assert not os.path.exists(record["address"])
    assert not (data / "index" / "owner.json").exists()


def test_a_data_directory_with_a_long_path(tmp_path, shelf, start):
    data = tmp_path / ("deep" * 20) / ("deeper" * 10)
    data.mkdir(parents=True)
    shelf.build(data, [shelf.point("A", 1)])
    owner, client = start(data), start(data)
    assert owner.ask()["owns"]
    assert client.ask() == {"titles": ["A"], "owns": False}
    address = json.loads((data / "index" / "owner.json").read_text())["address"]
    assert not address.startswith(str(data))
    owner.kill()
    assert client.ask() == {"titles": ["A"], "owns": True}
    assert not os.path.exists(os.path.dirname(address))


def test_a_copy_of_the_directory_is_an_index_of_its_own(data, tmp_path, start):
    """A backup taken while an owner serves: its record and its socket come along, and must not be believed."""
    owner = start(data)
    titles = owner.ask()["titles"]
    copy = tmp_path.with_name(f"{tmp_path.name}-copy")
    subprocess.run(["cp", "-a", str(data), str(copy)], check=True)
    assert start(copy).ask() == {"titles": titles, "owns": True}
    client = start(data)
    assert client.ask() == {"titles": titles, "owns": False}


def test_nonsense_on_the_socket_harms_nobody(data):
    with opened(data) as owner:
        owner.manifest()
        address = json.loads((data / "index" / "owner.json").read_text())["address"]
        with Client(address, "AF_UNIX") as stranger:
            for nonsense in (b"not json", b"{}", b'{"search": [{}]}', b"[1]"):
                stranger.send_bytes(nonsense)
                assert "invalid" in json.loads(stranger.recv_bytes())
        assert titles(owner) == ["A"]


def test_a_silent_owner_is_unavailable(data, start, monkeypatch):
    owner = start(data)
    assert owner.ask()["owns"]
    with opened(data) as client:
        assert titles(client) == ["A"]
        owner.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, owner.process.pid, os.WSTOPPED | os.WNOWAIT)
        monkeypatch.setattr("retrievers.index.ipc._REPLY_TIMEOUT_S", 0.1)
        with pytest.raises(IndexUnavailable, match="did not answer within"):
            titles(client)
        owner.process.send_signal(signal.SIGCONT)
        monkeypatch.undo()
        assert titles(client) == ["A"]


def test_a_lock_without_a_listener_is_unavailable(data, monkeypatch):
    monkeypatch.setattr("retrievers.index.owner._ELECTION_WAITS_S", (0.0, 0.0))
    from retrievers.index.files import FileLock

    held = FileLock(data / "index" / "owner.lock")
    assert held.acquire()
    with opened(data) as index, pytest.raises(IndexUnavailable, match="another process holds the index"):
        index.manifest()
    held.release()


def test_a_closed_index_is_unavailable(data):
    with opened(data) as index:
        index.manifest()
    with pytest.raises(IndexUnavailable, match="closed"):
        index.manifest()
