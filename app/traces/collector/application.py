"""Wiring: an open store in, one ASGI application out."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.traces.collector import datasets, examples, feedback, info, projects, runs
from app.traces.collector.stores import Stores, told
from app.traces.errors import TraceError
from app.traces.filter_language import FilterError
from app.traces.query import CursorError
from app.traces.store import TraceStore
from tools.shop.errors import ShopStoreError


def create_collector(store: TraceStore) -> FastAPI:
    """Lets in whoever reaches it: who may is decided by whom it is mounted or served for."""
    app = FastAPI(title="Shelfwise traces", docs_url=None, redoc_url=None)
    app.state.stores = Stores.over(store)
    for module in (info, runs, projects, feedback, datasets, examples):
        app.include_router(module.router)
    app.add_exception_handler(TraceError, _refused)
    app.add_exception_handler(FilterError, _refused)
    app.add_exception_handler(CursorError, _refused)
    app.add_exception_handler(ShopStoreError, _unavailable)
    app.add_middleware(OwnPagesOnly)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    return told({"detail": str(error)}, getattr(error, "status", 422))


async def _unavailable(_: Request, error: Exception) -> Response:
    return told({"detail": str(error)}, 503)


class OwnPagesOnly:
    """Programs send no Origin; a page of another site that a browser here has open does, and is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != headers.get("host"):
            await told({"detail": "requests from pages of other sites are refused"}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)
