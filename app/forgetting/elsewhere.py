"""What of a shopper's conversations has left this shop, and what can be said of it there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from app.api.ports import Elsewhere, Outcome
from app.forgetting.keeping import Asked
from app.settings import Settings
from app.traces.dead_letters import refusals_in
from app.traces.entries import erasures_in
from app.traces.opening import REFUSED, UNSENT
from app.traces.spool import Spool

_LANGSMITH, _OPENAI = "https://api.smith.langchain.com", "https://api.openai.com/v1"  # what the clients take by default


def elsewhere(settings: Settings, asked: Asked) -> tuple[Elsewhere, ...]:
    """As the settings are now; what went elsewhere under others nobody here knows of. Blocking; raises OSError."""
    return tuple(_places(settings, asked)) if asked.threads else ()


def _places(settings: Settings, asked: Asked) -> Iterator[Elsewhere]:
    if settings.langsmith_tracing:
        yield Elsewhere("langsmith", _host(settings.langsmith_endpoint or _LANGSMITH), _asked_there(settings, asked))
    if settings.otlp_endpoint:
        yield Elsewhere("telemetry", _host(settings.otlp_endpoint), "not_deleted")
    if settings.openai_api_key:
        yield Elsewhere("model", _host(settings.openai_base_url or _OPENAI), "not_deleted")


def _asked_there(settings: Settings, asked: Asked) -> Outcome:
    """Told by the files all workers share: what was refused, and what still waits to be asked."""
    threads = set(asked.threads)
    if threads & refusals_in(Spool(settings.data / REFUSED).lines()).keys():
        return "deletion_refused"
    return "deletion_waiting" if threads & erasures_in(Spool(settings.data / UNSENT).lines()) else "deletion_asked"


def _host(address: str) -> str:
    """Without what an address may hold besides: a name, a password."""
    return urlsplit(address).hostname or address
