"""The pages over HTTP, wherever they are mounted."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from app.traces.access import OwnPagesOnly
from app.traces.store import TraceStore
from app.traces.viewer import listing, scoring, trace
from app.traces.viewer.answering import Shown, page
from app.traces.viewer.pages import STYLE, message_page
from tools.shop.errors import ShopStoreError


def create_viewer(store: TraceStore) -> FastAPI:
    """Lets in whoever reaches it: who may is decided by whom it is mounted or served for."""
    app = FastAPI(title="Traces", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.store = store
    app.add_api_route("/style.css", _style)
    for module in (listing, trace, scoring):
        app.include_router(module.router)
    app.add_exception_handler(ShopStoreError, _unavailable)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_middleware(OwnPagesOnly)
    return app


def _style() -> Response:
    return Response(STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


async def _misread(request: Request, error: Exception) -> Response:
    """A browser asked: an address that names nothing is answered with a page."""
    assert isinstance(error, RequestValidationError)
    shown, first = Shown(request), error.errors()[0]
    if first["loc"][0] == "path":
        return shown.missing()
    return page(message_page(shown.base, "This cannot be shown", f"{first['loc'][-1]}: {first['msg']}"), 422)


async def _unavailable(_: Request, error: Exception) -> Response:
    return Response(str(error), 503, media_type="text/plain")
