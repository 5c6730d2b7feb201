"""`shelfwise serve` and `shelfwise demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.settings import Settings

_USAGE = 2

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to listen on; 0 picks a free one.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes to answer with.")]


def serve(ctx: typer.Context, host: Host = None, port: Port = None, workers: Workers = 1) -> None:
    """Serve the assistant: page, API and metrics."""
    from app.loaded import NothingLoaded, require_catalogue
    from app.workers import WorkersFailed, run_workers
    from tools.shop.errors import ShopStoreError

    settings = _listening(ctx.obj, host, port)
    try:
        require_catalogue(settings)
        if workers > 1:
            run_workers(settings, workers)
        else:
            _serve_alone(settings)
    except (NothingLoaded, ShopStoreError, WorkersFailed, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_USAGE) from None


def demo(ctx: typer.Context, host: Host = None, port: Port = None) -> None:
    """Build the demo store if it is missing, bring its times up to now, and serve it."""
    with uncollected():
        from app.demonstration import AnotherCatalogue, prepare
        from app.ingestion.errors import IngestError
        from app.runtime import open_shop
        from app.server import run
        from retrievers.index.protocol import IndexUnavailable
        from tools.shop.errors import ShopStoreError

    settings = _listening(ctx.obj, host, port)
    try:
        shoppers = prepare(settings)
        with open_shop(settings, traced=True) as shop:
            run(shop, settings, shoppers=shoppers)
    except (AnotherCatalogue, IndexUnavailable, IngestError, ShopStoreError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_USAGE) from None


def _serve_alone(settings: Settings) -> None:
    with uncollected():
        from app.runtime import open_shop
        from app.server import run

    with open_shop(settings, traced=True) as shop:
        run(shop, settings)


def _listening(settings: Settings, host: str | None, port: int | None) -> Settings:
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return settings.model_copy(update=given)
