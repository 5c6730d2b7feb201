"""The owner's Unix socket and the client at its other end.

Messages are JSON, never pickles: whoever can write to the socket cannot make the owner run code.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import tempfile
from collections.abc import Sequence
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from threading import Lock, Thread, current_thread

from retrievers.index import wire
from retrievers.index.files import write_atomically
from retrievers.index.protocol import Hit, Index, IndexUnavailable, Manifest, Query
from retrievers.records import Evidence

_log = logging.getLogger(__name__)
_LONGEST_ADDRESS = 100  # bytes; the system's limit is 108 on Linux and 104 elsewhere
_REPLY_TIMEOUT_S = 10.0
_TEMPORARY = "shelfwise-index-"


class OwnerGone(Exception):
    """Nobody listens at the recorded address, or the connection broke: the owner has ended."""


class IndexServer:
    """Answers requests on a thread for each connection until closed. Only the holder of the owner's lock makes one."""

    def __init__(self, index: Index, root: Path) -> None:
        self._index = index
        self._record = root / "owner.json"
        _remove_left_behind(self._record)
        self._address = _new_address(root)
        self._address.unlink(missing_ok=True)  # of a copied directory, or of an owner that left no record
        self._listener = Listener(str(self._address), "AF_UNIX", backlog=64)
        self._address.chmod(0o600)
        self._closing = False
        self._lock = Lock()
        self._serving: dict[Thread, Connection] = {}
        self._accepting = Thread(target=self._accept, name="index-socket", daemon=True)
        self._accepting.start()
        recorded = {"address": str(self._address), "root": _identity(root), "pid": os.getpid()}
        write_atomically(self._record, json.dumps(recorded))

    def close(self) -> None:
        """Requests already received are answered first."""
        self._closing = True
        with contextlib.suppress(OSError):
            Client(str(self._address), "AF_UNIX").close()  # accept() wakes up for nothing else
        self._accepting.join()
        self._listener.close()
        with self._lock:
            threads = list(self._serving)
            for connection in self._serving.values():
                _stop_reading(connection)
        for thread in threads:
            thread.join()
        _remove_left_behind(self._record)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection = self._listener.accept()
            except OSError as error:  # a client that left before it was greeted
                _log.debug("a connection to the index socket failed: %s", error)
                continue
            thread = Thread(target=self._serve, args=(connection,), name="index-connection", daemon=True)
            with self._lock:
                self._serving[thread] = connection
            thread.start()

    def _serve(self, connection: Connection) -> None:
        try:
            while not self._closing:
                connection.send_bytes(wire.answer(self._index, connection.recv_bytes()))
        except (EOFError, OSError):
            _log.debug("a client of the index socket left")
        finally:
            with self._lock:
                del self._serving[current_thread()]
                connection.close()


class SocketIndex:
    """Implements `Index` by asking the owner. Every method raises OwnerGone when there is none any more."""

    def __init__(self, root: Path) -> None:
        self._lock = Lock()
        self._manifest: Manifest | None = None
        try:
            self._connection = Client(_recorded_address(root / "owner.json"), "AF_UNIX")
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise OwnerGone(str(error)) from error

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return wire.hits(self._ask(wire.search_request(queries)))

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        return wire.documents(self._ask(wire.fetch_request(ids)))

    def manifest(self) -> Manifest:
        known = self._manifest
        fresh = wire.manifest(self._ask(wire.manifest_request(known.generation if known else None)))
        self._manifest = fresh or known
        if self._manifest is None:
            raise IndexUnavailable("the process that holds the index sent no manifest")
        return self._manifest

    def close(self) -> None:
        self._connection.close()

    def _ask(self, request: bytes) -> bytes:
        try:
            with self._lock:
                self._connection.send_bytes(request)
                if self._connection.poll(_REPLY_TIMEOUT_S):
                    return self._connection.recv_bytes()
                self._connection.close()  # its late answer must not be taken for the next one's
        except (OSError, EOFError) as error:
            raise OwnerGone(str(error)) from error
        raise IndexUnavailable(f"the process that holds the index did not answer within {_REPLY_TIMEOUT_S:g} s")


def _stop_reading(connection: Connection) -> None:
    """A thread blocked in `recv_bytes` gets an EOFError, which closing the descriptor under it would not do."""
    with socket.socket(fileno=os.dup(connection.fileno())) as duplicate, contextlib.suppress(OSError):
        duplicate.shutdown(socket.SHUT_RD)


def _new_address(root: Path) -> Path:
    """In a directory closed to other users: within the index, or where its path is too long, a temporary one."""
    beside = root / "run"
    address = beside / "owner.sock"
    if len(os.fsencode(address)) > _LONGEST_ADDRESS:
        return Path(tempfile.mkdtemp(prefix=_TEMPORARY)) / "owner.sock"
    beside.mkdir(mode=0o700, exist_ok=True)
    return address


def _remove_left_behind(record: Path) -> None:
    """The socket and the record of an owner that ended, orderly or not."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        address = Path(_recorded_address(record))
        address.unlink(missing_ok=True)
        if address.parent.name.startswith(_TEMPORARY):
            address.parent.rmdir()
    record.unlink(missing_ok=True)


def _recorded_address(record: Path) -> str:
    """Raises ValueError for a record that came along with a copied directory: its socket is another index's."""
    recorded = json.loads(record.read_text("utf-8"))
    if recorded["root"] != _identity(record.parent):
        raise ValueError(f"{record} was written for another directory")
    return str(recorded["address"])


def _identity(root: Path) -> str:
    """The directory itself, whatever path leads to it; a copy is another one."""
    status = root.stat()
    return f"{status.st_dev}:{status.st_ino}"
