"""`shelfwise eval ...`: quality, measured on files the caller names. One module a command."""

from __future__ import annotations

import typer

eval_app = typer.Typer(no_args_is_help=True, help="Measure quality on files you name; never touches the serving index.")
