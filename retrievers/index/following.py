"""The served generation in this process, whichever it is at the moment of a request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from retrievers.index.edge import EdgeIndex
from retrievers.index.generations import Generations
from retrievers.index.protocol import Hit, IndexUnavailable, Manifest, Query
from retrievers.records import Evidence


@dataclass(slots=True)
class _Opened:
    name: str
    index: EdgeIndex
    users: int = 0


class FollowingIndex:
    """Implements `Index`. After a publish the next request opens the new generation; requests still running on the
    old one finish there, and the last of them closes it."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = Lock()
        self._opened: _Opened | None = None
        self._closed = False

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        with self._current() as index:
            return index.search(queries)

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        with self._current() as index:
            return index.fetch(ids)

    def manifest(self) -> Manifest:
        with self._current() as index:
            return index.manifest()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._retire()

    @contextmanager
    def _current(self) -> Iterator[EdgeIndex]:
        opened = self._enter()
        try:
            yield opened.index
        finally:
            self._leave(opened)

    def _enter(self) -> _Opened:
        with self._lock:
            if self._closed:
                raise IndexUnavailable("the index is closed")
            name = self._generations.alias().current
            if self._opened is None or self._opened.name != name:
                index = EdgeIndex(self._generations.directory(name), self._generations.manifest(name))
                self._retire()
                self._opened = _Opened(name, index)
            self._opened.users += 1
            return self._opened

    def _leave(self, opened: _Opened) -> None:
        with self._lock:
            opened.users -= 1
            if opened.users == 0 and opened is not self._opened:
                opened.index.close()

    def _retire(self) -> None:
        if self._opened is not None and self._opened.users == 0:
            self._opened.index.close()
        self._opened = None
