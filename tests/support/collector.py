"""A collector on a free port, and a network that ends at the loopback interface."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from app.traces.collector import create_collector
from app.traces.store import TraceStore


@contextmanager
def serving(store: TraceStore, around: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> Iterator[str]:
    """The address of a collector over the store; `around` may stand before it."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(around(create_collector(store)), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


# Also written into a conftest.py, so it must stand alone.
LOOPBACK_ONLY = '''
import socket

_connect, _resolve = socket.socket.connect, socket.getaddrinfo
_HERE = ("127.0.0.1", "::1", "localhost", None, "", b"127.0.0.1")


def close_network(tried):
    """Every attempt to reach another host is refused and told to `tried`; what it returns opens the network again."""

    def connect(self, address):
        if self.family != socket.AF_UNIX and address[0] not in _HERE:
            tried(f"connect {address}")
            raise OSError("the network is closed")
        return _connect(self, address)

    def resolve(host, *args, **kwargs):
        if host not in _HERE:
            tried(f"resolve {host}")
            raise socket.gaierror("the network is closed")
        return _resolve(host, *args, **kwargs)

    def reopen():
        socket.socket.connect, socket.getaddrinfo = _connect, _resolve

    socket.socket.connect, socket.getaddrinfo = connect, resolve
    return reopen
'''


@contextmanager
def closed_network() -> Iterator[list[str]]:
    """What was tried beyond this machine, as it is tried."""
    namespace: dict[str, object] = {}
    exec(LOOPBACK_ONLY, namespace)
    tried: list[str] = []
    reopen = namespace["close_network"](tried.append)
    try:
        yield tried
    finally:
        reopen()
