"""`shelfwise traces ...`: what happened in each turn, read where it was written down."""

from __future__ import annotations

import typer

from app.cli.traces.difference import difference
from app.cli.traces.listing import listed
from app.cli.traces.prune import prune
from app.cli.traces.replay import replay
from app.cli.traces.serve import serve
from app.cli.traces.show import export, show

traces_app = typer.Typer(no_args_is_help=True, help="Traces of turns, and of programs that use the LangSmith SDK.")
traces_app.command()(serve)
traces_app.command("list")(listed)
traces_app.command()(show)
traces_app.command()(export)
traces_app.command()(difference)
traces_app.command()(replay)
traces_app.command()(prune)

__all__ = ["traces_app"]
