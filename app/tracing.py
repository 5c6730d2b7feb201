"""Traces over HTTP: alone, or mounted beside the assistant for those who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from app.listening import listen
from app.settings import Settings
from app.traces.access import OperatorsOnly
from app.traces.collector import create_collector
from app.traces.store import TraceStore
from app.traces.viewer.application import create_viewer

COLLECTOR, PAGES = "/langsmith", "/traces"
_HERE = ["localhost", "127.0.0.1"]


def mounts(store: TraceStore, settings: Settings, *, demo: bool) -> Iterator[tuple[str, ASGIApp]]:
    """Nothing without an operator's token, except in a demo, where anyone may be anyone."""
    token = settings.operator_token.get_secret_value() if settings.operator_token else None
    if token is None and not demo:
        return
    for path, app in ((COLLECTOR, create_collector(store)), (PAGES, create_viewer(store))):
        yield path, OperatorsOnly(app, token) if token else app


def alone(store: TraceStore, settings: Settings) -> ASGIApp:
    """Without a token only for those who call it by a name of this machine, which no page of another site can."""
    app = create_collector(store)
    app.mount(PAGES, create_viewer(store))
    if settings.operator_token:
        return OperatorsOnly(app, settings.operator_token.get_secret_value())
    return TrustedHostMiddleware(app, [*_HERE, settings.host])


def run(store: TraceStore, settings: Settings) -> None:
    """Serves until interrupted. Raises OSError when the address cannot be had."""
    config = uvicorn.Config(alone(store, settings), log_level="warning", timeout_graceful_shutdown=5)
    with listen(settings.host, settings.port) as listener, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
