"""Turns written down beside the serving of them: a bounded queue, a thread, and a spool for bad times."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Literal, Protocol

from app.traces.calls import Detail
from app.traces.dead_letters import DeadLetters
from app.traces.entries import Entry, entry_of, lines_of, lines_without, threads_of, without
from app.traces.redaction import Redaction
from app.traces.spool import Spool
from app.traces.store import Upload
from app.traces.turns import uploads_of
from graphs.observing import TurnRecord
from tools.shop.errors import ShopStoreError

QUEUED = 256  # turns that wait for the thread
_AT_ONCE = 32  # turns in one transaction
_LINGER_S = 0.25  # a lone turn waits this long for company
_RETRY_S = 5.0  # after the store failed
_RUNS_AT_ONCE = 500

Outcome = Literal["stored", "spooled", "dropped"]
_OUTCOMES: Sequence[Outcome] = ("stored", "spooled", "dropped")
Given = TurnRecord | str | threading.Event  # a turn, a conversation to be forgotten, or somebody who waits
Forgotten = Callable[[Collection[str]], Collection[str]]  # of these conversations; raises ShopStoreError

logger = logging.getLogger(__name__)


class Sink(Protocol):
    """Where runs go; both raise ShopStoreError when it is out of reach."""

    def ingest(self, uploads: Sequence[Upload]) -> int: ...

    def forget(self, thread_id: str) -> int: ...


class Opener(Protocol):
    def __call__(self) -> Sink:
        """Raises ShopStoreError."""
        ...


class Recorder:
    """A `graphs.observing.Observer`. What is queued or spooled when the store fails is stored when it is back.

    Turns are dropped, and counted, only when `QUEUED` of them wait, or the spool is full or cannot be written.
    What another process had `forgotten` while a turn of it was answered here is not stored, or not for longer than
    it takes to ask.
    """

    def __init__(
        self,
        opener: Opener,
        spool: Spool,
        redaction: Redaction,
        project: str,
        detail: Detail | None = None,
        forgotten: Forgotten = lambda threads: (),
        refused: DeadLetters | None = None,
    ) -> None:
        self._opener, self._spool, self._redaction = opener, spool, redaction
        self._forgotten, self._refused = forgotten, refused
        self._project, self._detail = project, detail or Detail()
        self._queue: queue.Queue[Given | None] = queue.Queue()
        self._store: Sink | None = None
        self._retry_at = 0.0
        self._counts: Counter[Outcome] = Counter()
        self._owed = list[Entry]()  # conversations to be forgotten for which there was no room in the spool
        self._thread = threading.Thread(target=self._work, name="traces", daemon=True)
        self._thread.start()

    def see(self, record: TurnRecord) -> None:
        if self._queue.qsize() < QUEUED:
            self._queue.put(record)
        else:
            self._counts["dropped"] += 1

    def forget(self, thread_id: str) -> None:
        """Never dropped, however many turns wait."""
        self._queue.put(thread_id)

    def settle(self, within_s: float = 5.0) -> bool:
        """Waits until what came before is stored, or spooled while the store fails; False when that takes longer."""
        settled = threading.Event()
        self._queue.put(settled)
        return settled.wait(within_s)

    @property
    def counts(self) -> Mapping[str, int]:
        """Turns by what became of them since the start; of those stored, some runs may have been refused."""
        counts = {outcome: self._counts[outcome] for outcome in _OUTCOMES}
        return counts | ({"refused": self._refused.turns} if self._refused else {})

    def close(self, within_s: float = 10.0) -> None:
        """Keeps what is queued first."""
        self._queue.put(None)
        self._thread.join(within_s)

    def _work(self) -> None:
        last = False
        while not last:
            given, last = self._next()
            outcome = self._tried(given)
            self._counts[outcome] += _turns(given)
            asked = (each for each in given if isinstance(each, str))
            self._owed = [*self._owed, *asked] if outcome == "dropped" else []
            for each in given:
                if isinstance(each, threading.Event):
                    each.set()

    def _tried(self, given: Sequence[Given]) -> Outcome:
        try:
            new = [self._entry(each) for each in given if not isinstance(each, threading.Event)]
            return self._keep([*self._owed, *new])
        except Exception:
            logger.exception("traces of %s turns were lost", _turns(given))
            return "dropped"

    def _next(self) -> tuple[list[Given], bool]:
        """What has come, and whether it is the last."""
        given = list[Given]()
        try:
            first = self._queue.get(timeout=_RETRY_S)
            deadline = time.monotonic() + _LINGER_S
            while first is not None:
                given.append(first)
                if len(given) == _AT_ONCE or isinstance(first, threading.Event):
                    return given, False
                first = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return given, False
        return given, True

    def _entry(self, given: TurnRecord | str) -> Entry:
        return given if isinstance(given, str) else self._runs(given)

    def _runs(self, record: TurnRecord) -> list[Upload]:
        return [(kind, self._redaction.run(run)) for kind, run in uploads_of(record, self._project, self._detail)]

    def _keep(self, entries: Sequence[Entry]) -> Outcome:
        if time.monotonic() >= self._retry_at:
            try:
                self._store = self._store or self._opener()
                if not self._spool.is_empty:
                    self._spool.drain(self._keep_lines)
                self._apply(self._store, entries)
                return "stored"
            except (ShopStoreError, OSError):
                self._retry_at = time.monotonic() + _RETRY_S
        return self._set_aside(entries)

    def _set_aside(self, entries: Sequence[Entry]) -> Outcome:
        """What is to be forgotten does not wait in the spool until then."""
        lines = list[str]()
        for entry in entries:
            if isinstance(entry, str):
                lines = lines_without(lines, entry)
                with suppress(OSError):
                    self._spool.rewrite(partial(lines_without, thread_id=entry))
            lines += lines_of(entry)
        return "spooled" if self._spool.add(lines) == len(lines) else "dropped"

    def _keep_lines(self, lines: Sequence[str]) -> None:
        assert self._store is not None
        self._apply(self._store, [entry_of(line) for line in lines])

    def _apply(self, store: Sink, entries: Sequence[Entry]) -> None:
        """Runs in as few transactions as the erasures between them allow."""
        for given in _between_erasures(entries):
            if isinstance(given, str):
                self._forget(store, given)
            elif given:
                self._ingest(store, given)

    def _ingest(self, store: Sink, uploads: Sequence[Upload]) -> None:
        """Asked before, what is forgotten never leaves; asked after, what was forgotten meanwhile goes again."""
        uploads = without(uploads, self._forgotten(threads_of(uploads)))
        for start in range(0, len(uploads), _RUNS_AT_ONCE):
            store.ingest(uploads[start : start + _RUNS_AT_ONCE])
        for thread_id in self._forgotten(threads_of(uploads)):
            self._forget(store, thread_id)

    def _forget(self, store: Sink, thread_id: str) -> None:
        if self._refused:
            self._refused.forget(thread_id)
        store.forget(thread_id)


def _turns(given: Sequence[Given]) -> int:
    return sum(isinstance(each, TurnRecord) for each in given)


def _between_erasures(entries: Sequence[Entry]) -> Iterator[Entry]:
    waiting = list[Upload]()
    for entry in entries:
        if isinstance(entry, str):
            yield waiting
            waiting = []
            yield entry
        else:
            waiting += entry
    yield waiting
