"""The store in a data directory, or in the database everything else is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from app.traces.calls import Detail
from app.traces.dead_letters import DeadLetters
from app.traces.recorder import Forgotten, Recorder
from app.traces.redaction import Redaction
from app.traces.retention import RetainingStore
from app.traces.sending import Destination, Sender, langchain_silenced
from app.traces.spool import Spool
from app.traces.store import TraceStore
from graphs.guardrails.policy import Policy
from retrievers.records import Clock
from tools.shop.database import connect

# Beside the data: what waits to be stored here, to be sent to LangSmith, and what LangSmith refused.
WAITING, UNSENT, REFUSED = "traces.spool.jsonl", "langsmith.spool.jsonl", "langsmith.refused.jsonl"


def opened_traces(where: str | Path, clock: Clock) -> TraceStore:
    """For as long as the process lives. Raises ShopStoreError."""
    return TraceStore(connect(where), Redaction.load(Policy.load()), clock)


@contextmanager
def open_traces(where: str | Path, clock: Clock) -> Iterator[TraceStore]:
    """A path of a SQLite file or a `postgresql://` URL. Raises ShopStoreError."""
    with closing(connect(where)) as database:
        yield TraceStore(database, Redaction.load(Policy.load()), clock)


@contextmanager
def recording(
    where: str | Path,
    spool: Path,
    project: str,
    detail: Detail,
    clock: Clock,
    keep: timedelta | None = None,
    forgotten: Forgotten = lambda threads: (),
) -> Iterator[Recorder]:
    """Whether the database can be opened is found out beside the turns: nothing is raised here.

    What is older than `keep` is erased as it goes.
    """
    redaction = Redaction.load(Policy.load())

    def opened() -> TraceStore:
        database = connect(where)
        return RetainingStore(database, redaction, clock, keep) if keep else TraceStore(database, redaction, clock)

    with closing(Recorder(opened, Spool(spool), redaction, project, detail, forgotten)) as recorder:
        yield recorder


@contextmanager
def sending(
    destination: Destination,
    spool: Path,
    project: str,
    detail: Detail,
    forgotten: Forgotten = lambda threads: (),
) -> Iterator[Recorder]:
    """To a LangSmith elsewhere; whether it answers is found out beside the turns."""
    redaction, refused = Redaction.load(Policy.load()), DeadLetters(spool.with_name(REFUSED))
    recorder = Recorder(
        lambda: Sender(destination, refused), Spool(spool), redaction, project, detail, forgotten, refused
    )
    with closing(recorder), langchain_silenced():
        yield recorder
