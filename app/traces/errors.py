"""What is wrong with a request, one line each; the collector gives each its status."""

from __future__ import annotations


class TraceError(Exception):
    """The message is for the caller."""

    status = 422


class Malformed(TraceError):
    """The body cannot be read as what it says it is."""


class TooLarge(TraceError):
    status = 413


class NotFound(TraceError):
    status = 404


class Conflict(TraceError):
    status = 409


class NotAllowed(TraceError):
    status = 403
