"""What LangSmith will not take, however often it is sent: kept beside the spool until somebody has looked at it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from app.traces.entries import lines_without
from app.traces.row import body_text
from app.traces.run import trace_of
from app.traces.spool import Spool
from app.traces.store import Upload

MOST_BYTES = 16 * 1024 * 1024
_SAID = 500  # code points of a refusal

logger = logging.getLogger(__name__)


class DeadLetters:
    """Lines as in the spool, each with `refused`: the status and what was said. Full, it keeps what it has."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path, self._file = path, Spool(path, most_bytes)
        self._traces, self._runs = set[UUID](), set[UUID]()

    @property
    def turns(self) -> int:
        """Turns of which something was refused since the start."""
        return len(self._traces)

    def add(self, uploads: Sequence[Upload], why: str) -> None:
        uploads = [(kind, run) for kind, run in uploads if run.id not in self._runs]  # refused again, with the others
        if not uploads:
            return
        self._traces |= {trace_of(run) for _, run in uploads}
        self._runs |= {run.id for _, run in uploads}
        lines = [body_text({"kind": kind, "run": run.said(), "refused": why[:_SAID]}) for kind, run in uploads]
        kept = "kept in" if self._file.add(lines) else "lost, for there is no room in"
        logger.warning("%s runs were refused (%s); they are %s %s", len(uploads), why[:_SAID], kept, self._path)

    def add_erasure(self, thread_id: str, why: str) -> None:
        """Somebody has to erase it by hand."""
        self._file.add([body_text({"forget": thread_id, "refused": why[:_SAID]})])
        logger.error("conversation %s must be deleted there by hand: %s", thread_id, why[:_SAID])

    def forget(self, thread_id: str) -> None:
        with suppress(OSError):
            self._file.rewrite(partial(lines_without, thread_id=thread_id))


def refusals_in(lines: Sequence[str]) -> dict[str, str]:
    """Conversations that were to be forgotten and were not, with what was said."""
    told = (_object(line) for line in lines if '"forget"' in line and '"refused"' in line)
    return {str(each["forget"]): str(each["refused"]) for each in told if {"forget", "refused"} <= each.keys()}


def _object(line: str) -> dict[str, Any]:
    """Half a line, which a crash leaves, says nothing."""
    try:
        said = from_json(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
