"""Asks a recorded turn again and tells what changed. Nothing of it is written but, if wanted, a trace of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.traces.calls import Detail
from app.traces.difference import Difference, difference
from app.traces.redaction import Redaction
from app.traces.replay.recorded import RecordedTurn
from app.traces.row import metadata_of, row_of
from app.traces.run import RunUpload
from app.traces.store import StoredRun, Upload
from app.traces.stored_turn import stored_turn
from app.traces.turns import uploads_of
from graphs.answer import FinalAnswer
from graphs.observing import TurnRecord
from graphs.runner import Assistant
from graphs.turn import Changes
from retrievers.records import Clock

_TAG = "replay"


@dataclass(slots=True)
class Seen:
    """A `graphs.observing.Observer` that keeps the one turn it is there for."""

    record: TurnRecord | None = None

    def see(self, record: TurnRecord) -> None:
        self.record = record

    def forget(self, thread_id: str) -> None:
        """The turn is in no conversation."""


@dataclass(frozen=True, slots=True)
class Replay:
    final: FinalAnswer
    difference: Difference
    uploads: tuple[Upload, ...]  # its own trace, redacted


@dataclass(frozen=True, slots=True)
class Replayer:
    """`detail` is how much of requests to models is told; `told` what was changed besides `Changes`."""

    assistant: Assistant
    warm_up: Callable[[], Awaitable[None]]
    seen: Seen
    redaction: Redaction
    detail: Detail
    clock: Clock
    told: Mapping[str, Any] = field(default_factory=dict)

    async def ask(self, recorded: RecordedTurn, changes: Changes, project: str) -> Replay:
        await self.warm_up()
        final = await self.assistant.ask(recorded.turn(changes))
        record = self.seen.record
        assert record is not None  # the observer of the assistant
        metadata = {"replay_of": recorded.stored.trace_id, **_changed(changes), **self.told}
        uploads = tuple(
            (kind, self.redaction.run(_marked(run, recorded, metadata)))
            for kind, run in uploads_of(record, project, self.detail)
        )
        runs = [StoredRun(run, row_of(run, project, self.clock())) for _, run in uploads]
        after = stored_turn(runs)
        assert after is not None  # it has an answer
        return Replay(final, difference(recorded.stored, after), uploads)


def _marked(run: RunUpload, recorded: RecordedTurn, metadata: Mapping[str, Any]) -> RunUpload:
    """The root says what it is; it is forgotten with the conversation the turn was in."""
    if run.parent_run_id is not None:
        return run
    thread = recorded.stored.metadata.get("thread_id")
    told = {**metadata_of(run), **metadata, **({"thread_id": thread} if thread else {})}
    return run.model_copy(update={"extra": {**(run.extra or {}), "metadata": told}, "tags": [*(run.tags or []), _TAG]})


def _changed(changes: Changes) -> dict[str, Any]:
    told = {"without": sorted(changes.without), "set": dict(changes.values)}
    return {name: value for name, value in told.items() if value}
