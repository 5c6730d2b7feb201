"""How an evaluation says that it was given something it cannot use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.settings import Settings

_USAGE = 2


def refused(message: str) -> typer.Exit:
    """One line on stderr; raise what this returns."""
    typer.echo(message, err=True)
    return typer.Exit(_USAGE)


def loaded(settings: Settings) -> Settings:
    """The settings of a shop that has a catalogue; the others are refused."""
    from app.loaded import NothingLoaded, require_catalogue

    try:
        require_catalogue(settings)
    except NothingLoaded as error:
        raise refused(str(error)) from None
    return settings
