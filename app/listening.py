"""The address a server is reached at."""

from __future__ import annotations

import errno
import socket

from rich.console import Console


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, its address printed: who comes early waits for the server instead of being refused.

    Raises OSError saying what to do when the address cannot be had.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        other = "--host" if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL else "--port"
        raise OSError(f"cannot listen on {host}:{port} ({error.strerror}); choose another with {other}") from None
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}"
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        f"Shelfwise is at {address} (Ctrl+C stops it)", markup=False
    )
    return listener
