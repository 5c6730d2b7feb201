"""`shelfwise traces serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.traces.opened import opened_store, refused

if TYPE_CHECKING:
    from app.settings import Settings


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to listen on; 0 picks a free one.")] = None,
) -> None:
    """Serve the collector for LANGSMITH_ENDPOINT and the pages under /traces, without a shop."""
    from app.tracing import run

    settings: Settings = ctx.obj
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    with opened_store(settings) as store:
        try:
            run(store, settings.model_copy(update=given))
        except OSError as error:
            raise refused(str(error)) from None
