"""Wiring: parts in, one ASGI application out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from app.api import chat, context, errors, events, feedback, health, products, profile, shop, threads, web
from app.api.headers import SecurityHeaders
from app.api.identity import SessionCookie
from app.api.limits import BodyLimit
from app.api.metrics import Metrics
from app.api.page import STATIC, Page
from app.api.parts import Parts
from app.api.ports import Assistant, Identity, ProductLookup, Services, ShopperOption


def create_app(
    assistant: Assistant,
    *,
    identity: Identity,
    products_lookup: ProductLookup,
    shoppers: Sequence[ShopperOption] = (),
    images_dir: Path | None = None,
    services: Services | None = None,
    max_body_bytes: int = 64 * 1024,
    mounted: Mapping[str, ASGIApp] = MappingProxyType({}),
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> FastAPI:
    """`shoppers` are offered on the page, which only makes sense with a `DemoShopper` as identity."""
    # The interactive docs would load scripts from another host.
    app = FastAPI(title="Shelfwise", docs_url=None, redoc_url=None, lifespan=lifespan)
    page, metrics = Page.load(shoppers), Metrics()
    app.state.parts = Parts(assistant, identity, products_lookup, page, metrics, images_dir, services)
    for module in (chat, threads, shop, context, products, events, feedback, profile, health, web):
        app.include_router(module.router)
    app.mount("/static", web.Assets(directory=STATIC), name="static")
    for path, other in mounted.items():
        app.mount(path, other)
    errors.install(app)
    app.add_middleware(GZipMiddleware)  # leaves streams of events alone
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, elsewhere=[*mounted])
    app.add_middleware(SecurityHeaders)
    app.add_middleware(SessionCookie)
    return app
