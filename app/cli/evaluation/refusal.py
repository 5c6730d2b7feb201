"""How an evaluation says that it was given something it cannot use."""

from __future__ import annotations

import typer

_USAGE = 2


def refused(message: str) -> typer.Exit:
    """One line on stderr; raise what this returns."""
    typer.echo(message, err=True)
    return typer.Exit(_USAGE)
