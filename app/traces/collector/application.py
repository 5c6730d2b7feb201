"""Wiring: an open store in, one ASGI application out."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from app.traces.access import OwnPagesOnly
from app.traces.collector import datasets, examples, feedback, info, projects, runs
from app.traces.collector.described import REFUSALS
from app.traces.collector.stores import Stores, told
from app.traces.errors import TraceError
from app.traces.filter_language import FilterError
from app.traces.query import CursorError
from app.traces.store import TraceStore
from tools.shop.errors import ShopStoreError


def create_collector(store: TraceStore) -> FastAPI:
    """Lets in whoever reaches it: who may is decided by whom it is mounted or served for."""
    app = FastAPI(title="Shelfwise traces", docs_url=None, redoc_url=None, responses=dict(REFUSALS))
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
