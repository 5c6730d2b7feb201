"""What stops a load. Every message is one line that says what to do."""

from __future__ import annotations


class IngestError(Exception):
    """The request cannot be carried out: an unreadable file, an unknown column, a load already running."""
