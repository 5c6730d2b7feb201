"""The HTTP server around an open shop."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI
from rich.console import Console
from starlette.types import ASGIApp

from app.api.application import create_app
from app.api.identity import DemoShopper
from app.api.ports import ShopperOption
from app.api.sessions import Sessions, secret_in
from app.assembly import Shop
from app.clock import utc_now
from app.listening import listen
from app.places import traces_database
from app.runtime import open_shop
from app.settings import Settings
from app.shopping import services
from app.traces.opening import opened_traces
from app.tracing import mounts
from tools.catalogue import Catalogue
from tools.shop.errors import ShopStoreError

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def application(
    shop: Shop, settings: Settings, shoppers: Sequence[ShopperOption] = (), lifespan: Lifespan | None = None
) -> FastAPI:
    """With shoppers to choose from it is a demo: whoever asks may say who they are."""
    key = settings.session_secret.get_secret_value() if settings.session_secret else secret_in(settings.data)
    sessions = Sessions(key)
    app = create_app(
        shop.assistant,
        identity=DemoShopper(sessions) if shoppers else sessions,
        products_lookup=Catalogue(shop.parts.index, shop.parts.features.source, utc_now).product,
        shoppers=shoppers,
        images_dir=settings.data / "images",
        services=services(shop, settings),
        lifespan=lifespan or _warm(shop),
        mounted=_traces(settings, demo=bool(shoppers)) if shop.around.recorder else {},
    )
    if shop.around.recorder:
        app.state.parts.metrics.watch_traces(lambda recorder=shop.around.recorder: recorder.counts)
    if shop.around.events:
        app.state.parts.metrics.watch_events(lambda events=shop.around.events: events.counts)
    return app


def _traces(settings: Settings, *, demo: bool) -> dict[str, ASGIApp]:
    """A shop whose traces cannot be opened sells all the same."""
    try:
        return dict(mounts(opened_traces(traces_database(settings), utc_now), settings, demo=demo))
    except ShopStoreError as error:
        Console(stderr=True).print(f"traces cannot be shown: {error}", markup=False)
        return {}


def run(shop: Shop, settings: Settings, shoppers: Sequence[ShopperOption] = ()) -> None:
    """Serves until interrupted. Raises OSError when the address cannot be had."""
    config = uvicorn.Config(application(shop, settings, shoppers), log_level="warning", timeout_graceful_shutdown=5)
    with listen(settings.host, settings.port) as listener, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def worker_application(settings: Settings) -> FastAPI:
    """One of several processes: it opens the shop for itself, and closes it when it ends in order."""
    open_parts = ExitStack()
    shop = open_parts.enter_context(open_shop(settings, traced=True))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_parts:
            async with _warm(shop)(app):
                Console(stderr=True).print(f"Worker {os.getpid()} is ready")
                yield

    return application(shop, settings, lifespan=lifespan)


def _warm(shop: Shop) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await shop.warm_up()
        async with shop.assistant.kept_open():
            yield

    return lifespan
