"""Who watches the turns of shoppers: the trace recorder, and OpenTelemetry's exporter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.places import traces_database
from app.settings import Settings
from graphs.models.prices import Prices
from graphs.observing import Observer, Observers
from retrievers.records import Clock

if TYPE_CHECKING:
    from app.traces.recorder import Recorder


Forgotten = Callable[[Collection[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Watch:
    """`observer` tells everybody who watches; `recorder` is among them where traces are kept."""

    observer: Observer
    recorder: Recorder | None


@contextmanager
def watching(settings: Settings, clock: Clock, forgotten: Forgotten) -> Iterator[Watch]:
    """`forgotten` says which conversations are not to be written down any more."""
    with _recording(settings, clock, forgotten) as recorder, _exporting(settings) as spans:
        yield Watch(Observers([each for each in (recorder, spans) if each]), recorder)


def _recording(settings: Settings, clock: Clock, forgotten: Forgotten) -> AbstractContextManager[Recorder | None]:
    if not (settings.traces or settings.langsmith_tracing):
        return nullcontext()
    from app.traces.calls import Detail
    from app.traces.opening import UNSENT, WAITING, recording, sending
    from app.traces.sending import Destination

    detail = Detail(Prices.load(settings.prices), settings.traces_texts)
    if settings.langsmith_tracing:
        key = settings.langsmith_api_key.get_secret_value() if settings.langsmith_api_key else None
        destination = Destination(settings.langsmith_endpoint, key)
        project = settings.langsmith_project or settings.traces_project
        return sending(destination, settings.data / UNSENT, project, detail, forgotten)
    where, spool = traces_database(settings), settings.data / WAITING
    return recording(where, spool, settings.traces_project, detail, clock, settings.traces_keep, forgotten)


def _exporting(settings: Settings) -> AbstractContextManager[Observer | None]:
    if not settings.otlp_endpoint:
        return nullcontext()
    from app.telemetry.opening import exporting

    return exporting(settings.otlp_endpoint, texts=settings.otlp_texts)
