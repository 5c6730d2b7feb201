"""Turns sent to a LangSmith elsewhere, with its own SDK, masked and spooled like those that are kept here."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import langsmith
from langsmith.utils import LangSmithConflictError, LangSmithError
from urllib3 import Retry

from app.traces.dead_letters import DeadLetters
from app.traces.row import body_text
from app.traces.store import Upload
from tools.shop.errors import ShopStoreError

_BATCH, _DELETE = "/runs/batch", "/runs/delete"
# Statuses that say nothing about what was sent: no key or a wrong one, nobody at this address, too much at once.
_ANY = frozenset({401, 403, 404, 408, 429})
_LATER = {_DELETE: frozenset({401, 408, 429})}  # an older LangSmith cannot delete, and not every key may
_AT_ONCE = 100  # runs in one request
_TIMEOUT_MS = (5_000, 30_000)  # to connect, to answer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to; what is None the SDK reads from its own environment variables."""

    endpoint: str | None = None
    api_key: str | None = None


class Sender:
    """What `Recorder` writes to instead of a database. A request that did not arrive whole is sent again later."""

    def __init__(self, destination: Destination, refused: DeadLetters) -> None:
        self._refused = refused
        self._client = langsmith.Client(
            destination.endpoint,
            api_key=destination.api_key,
            auto_batch_tracing=False,
            timeout_ms=_TIMEOUT_MS,
            retry_config=Retry(0),
            disable_prompt_cache=True,
        )

    def ingest(self, uploads: Sequence[Upload]) -> int:
        """Raises ShopStoreError when they cannot be delivered now; what was delivered before is known by its id."""
        for start in range(0, len(uploads), _AT_ONCE):
            self._send(uploads[start : start + _AT_ONCE])
        return len(uploads)

    def forget(self, thread_id: str) -> int:
        """Asks for the deletion of its traces, which LangSmith does when it has time, without saying so.

        https://docs.langchain.com/langsmith/data-purging-compliance
        """
        try:
            self._post(_DELETE, {"metadata": {"thread_id": thread_id}})
        except Refused as refused:
            self._refused.add_erasure(thread_id, str(refused))
        return 0

    def _send(self, uploads: Sequence[Upload]) -> None:
        """What is refused is halved until it is known which run it is about, so that the others arrive."""
        try:
            self._post(_BATCH, {"post": [run.said() for _, run in uploads], "patch": []})
        except Refused as refused:
            if len(uploads) == 1:
                self._refused.add(uploads, str(refused))
                return
            middle = len(uploads) // 2
            self._send(uploads[:middle])
            self._send(uploads[middle:])

    def _post(self, path: str, body: dict[str, Any]) -> None:
        """Raises Refused for what will never be taken, and ShopStoreError for what may be later."""
        try:
            self._client.request_with_retries("POST", path, request_kwargs={"data": body_text(body).encode()})
        except LangSmithConflictError:
            return
        except (LangSmithError, OSError) as error:
            status = _status(error)
            if status is not None and 400 <= status < 500 and status not in _LATER.get(path, _ANY):
                raise Refused(f"HTTP {status}: {error}") from error
            raise ShopStoreError(f"LangSmith cannot be reached: {error}") from error


class Refused(Exception):
    """LangSmith has answered, and will answer the same another time."""


def _status(error: BaseException) -> int | None:
    """Of the response the SDK's error was raised for."""
    response = getattr(error.__context__, "response", None)
    return getattr(response, "status_code", None)


@contextmanager
def langchain_silenced() -> Iterator[None]:
    """LangChain would tell the same turns once more, unmasked. Who asks the SDK for a trace by name still gets one."""
    langsmith.configure(enabled=False)
    try:
        yield
    finally:
        langsmith.configure(enabled=None)
