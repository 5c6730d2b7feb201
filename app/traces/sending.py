"""Turns sent to a LangSmith elsewhere, with its own SDK, masked and spooled like those that are kept here."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import langsmith
from langsmith.utils import LangSmithConflictError, LangSmithError
from urllib3 import Retry

from app.traces.row import body_text
from app.traces.store import Upload
from tools.shop.errors import ShopStoreError

_PATH = "/runs/batch"
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

    def __init__(self, destination: Destination) -> None:
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
            some = uploads[start : start + _AT_ONCE]
            self._post(body_text({"post": [run.said() for _, run in some], "patch": []}))
        return len(uploads)

    def forget(self, thread_id: str) -> int:
        """Nothing can be taken back from there by a conversation, so that somebody has to."""
        logger.warning("conversation %s was forgotten here; delete its traces in LangSmith", thread_id)
        return 0

    def _post(self, body: str) -> None:
        try:
            self._client.request_with_retries("POST", _PATH, request_kwargs={"data": body.encode()})
        except LangSmithConflictError:
            return
        except (LangSmithError, OSError) as error:
            raise ShopStoreError(f"LangSmith cannot be reached: {error}") from error


@contextmanager
def langchain_silenced() -> Iterator[None]:
    """LangChain would tell the same turns once more, unmasked. Who asks the SDK for a trace by name still gets one."""
    langsmith.configure(enabled=False)
    try:
        yield
    finally:
        langsmith.configure(enabled=None)
