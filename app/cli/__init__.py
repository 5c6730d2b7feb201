"""The command line, `shelfwise`."""

from app.cli.main import main

__all__ = ["main"]
