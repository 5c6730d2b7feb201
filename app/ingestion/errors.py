"""What stops a load. Every message is one line that says what to do."""

from __future__ import annotations


class IngestError(Exception):
    """The request cannot be carried out: an unreadable file, an unknown column, a load already running."""


class NothingLoadable(IngestError):
    """The file was read, but not one record in it can be used; the catalogue stays as it was."""
