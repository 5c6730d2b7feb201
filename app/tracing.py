"""Traces over HTTP: alone, or mounted beside the assistant for those who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import uvicorn
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from app.listening import listen
from app.settings import Settings
from app.traces.access import OperatorsOnly, OwnNamesOnly
from app.traces.collector import create_collector
from app.traces.store import TraceStore
from app.traces.viewer.application import create_viewer

COLLECTOR, PAGES = "/langsmith", "/traces"


def mounts(store: TraceStore, settings: Settings, *, demo: bool) -> Iterator[tuple[str, ASGIApp]]:
    """Nothing without an operator's token, except in a demo, where anyone at this machine may be anyone."""
    if settings.operator_token is None and not demo:
        return
    for path, app in ((COLLECTOR, create_collector(store)), (PAGES, create_viewer(store))):
        yield path, _guarded(app, settings)


def alone(store: TraceStore, settings: Settings) -> ASGIApp:
    app = create_collector(store)
    app.mount(PAGES, create_viewer(store))
    app.add_api_route("/", _to_pages, include_in_schema=False)
    return _guarded(app, settings)


def _to_pages() -> RedirectResponse:
    """The address that is printed is the one people open."""
    return RedirectResponse(f"{PAGES}/")


def _guarded(app: ASGIApp, settings: Settings) -> ASGIApp:
    """By the operator's token; without one, for those who call it by a name of this machine."""
    if settings.operator_token:
        return OperatorsOnly(app, settings.operator_token.get_secret_value())
    return OwnNamesOnly(app, [settings.host])


def run(store: TraceStore, settings: Settings) -> None:
    """Serves until interrupted. Raises OSError when the address cannot be had."""
    config = uvicorn.Config(alone(store, settings), log_level="warning", timeout_graceful_shutdown=5)
    with listen(settings.host, settings.port) as listener, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
