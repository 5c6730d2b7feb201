"""The HTTP server around an open shop."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from app.api.application import create_app
from app.api.identity import anonymous, demo_shopper
from app.api.ports import ShopperOption
from app.runtime import Shop, utc_now
from app.settings import Settings
from tools.catalogue import Catalogue


def application(shop: Shop, settings: Settings, shoppers: Sequence[ShopperOption] = ()) -> FastAPI:
    """With shoppers to choose from it is a demo: whoever asks may say who they are."""
    return create_app(
        shop.assistant,
        identity=demo_shopper if shoppers else anonymous,
        products_lookup=Catalogue(shop.index, shop.features, utc_now).product,
        shoppers=shoppers,
        images_dir=settings.data / "images",
        lifespan=_warm(shop),
    )


def run(shop: Shop, settings: Settings, shoppers: Sequence[ShopperOption] = ()) -> None:
    """Serves until interrupted. Raises OSError when the address cannot be had."""
    listener = _listen(settings.host, settings.port)
    address = f"http://{settings.host}:{listener.getsockname()[1]}"
    Console(stderr=True).print(f"Shelfwise is at [bold]{address}[/bold] (Ctrl+C stops it)")
    config = uvicorn.Config(application(shop, settings, shoppers), log_level="warning", timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OSError(f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port") from None
    return listener


def _warm(shop: Shop) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await shop.warm_up()
        yield

    return lifespan
