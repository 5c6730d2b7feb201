"""Who owns an Edge directory: the first process that asks. It answers the others over a Unix socket.

Ownership is an operating system lock, so it ends with its holder, however that ends, and whoever asks next gets it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TypeVar

from retrievers.index.files import FileLock
from retrievers.index.following import FollowingIndex
from retrievers.index.generations import Generations
from retrievers.index.ipc import IndexServer, OwnerGone, SocketIndex
from retrievers.index.protocol import Hit, Index, IndexUnavailable, Manifest, Query
from retrievers.records import Evidence

_Result = TypeVar("_Result")
_ATTEMPTS = 3  # requests broken off by an ending owner before giving up
_ELECTION_WAITS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # a new owner needs a moment until it listens


def open_index(data: Path) -> Index:
    """The embedded index under the data directory, shared between processes; opened by the first request.

    Without an index every request raises IndexUnavailable saying how to make one; once there is one, they succeed.
    """
    return SharedIndex(data)


class SharedIndex:
    """Implements `Index` as the owner of the directory or, while another process owns it, as its client."""

    def __init__(self, data: Path) -> None:
        self._generations = Generations(data)
        self._lock = Lock()
        self._part: _Owner | SocketIndex | None = None
        self._closed = False

    @property
    def owns(self) -> bool:
        """Whether this object holds the directory; False before the first request."""
        return isinstance(self._part, _Owner)

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return self._ask(lambda index: index.search(queries))

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        return self._ask(lambda index: index.fetch(ids))

    def manifest(self) -> Manifest:
        return self._ask(lambda index: index.manifest())

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._part is not None:
                self._part.close()
                self._part = None

    def _ask(self, request: Callable[[Index], _Result]) -> _Result:
        for _ in range(_ATTEMPTS):
            part = self._playing()
            try:
                return request(part)
            except OwnerGone:
                self._leave(part)
        raise IndexUnavailable("the processes that held the index keep ending; try again")

    def _playing(self) -> _Owner | SocketIndex:
        with self._lock:
            if self._closed:
                raise IndexUnavailable("the index is closed")
            if self._part is None:
                self._part = self._elect()
            return self._part

    def _leave(self, part: _Owner | SocketIndex) -> None:
        with self._lock:
            if self._part is part:
                self._part = None
                part.close()

    def _elect(self) -> _Owner | SocketIndex:
        self._generations.alias()  # without an index there is nothing to own, and no directory to own it in
        ownership = FileLock(self._generations.root / "owner.lock")
        for wait in _ELECTION_WAITS_S:
            try:
                if ownership.acquire():
                    return _Owner(self._generations, ownership)
            except OSError as error:
                raise IndexUnavailable(f"the index in {self._generations.root} cannot be opened: {error}") from error
            try:
                return SocketIndex(self._generations.root)
            except OwnerGone:
                time.sleep(wait)
        raise IndexUnavailable("another process holds the index but does not answer; end it and try again")


class _Owner(FollowingIndex):
    """The directory's owner, which also listens for the others."""

    def __init__(self, generations: Generations, ownership: FileLock) -> None:
        super().__init__(generations)
        self._ownership = ownership
        try:
            self._server = IndexServer(self, generations.root)
        except BaseException:
            ownership.release()
            raise

    def close(self) -> None:
        """In this order, so that the next owner finds the directory free."""
        self._server.close()
        super().close()
        self._ownership.release()
