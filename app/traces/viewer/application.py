"""The pages over HTTP, wherever they are mounted."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from app.traces.access import OwnPagesOnly
from app.traces.store import TraceStore
from app.traces.viewer import listing, scoring, trace
from app.traces.viewer.pages import STYLE
from tools.shop.errors import ShopStoreError


def create_viewer(store: TraceStore) -> FastAPI:
    """Lets in whoever reaches it: who may is decided by whom it is mounted or served for."""
    app = FastAPI(title="Traces", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.store = store
    app.add_api_route("/style.css", _style)
    for module in (listing, trace, scoring):
        app.include_router(module.router)
    app.add_exception_handler(ShopStoreError, _unavailable)
    app.add_middleware(OwnPagesOnly)
    return app


def _style() -> Response:
    return Response(STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


async def _unavailable(_: Request, error: Exception) -> Response:
    return Response(str(error), 503, media_type="text/plain")
