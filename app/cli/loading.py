"""Imports on the way to a command's work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """For seconds of imports: they leave no garbage, and looking for some again and again costs one of the seconds."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
