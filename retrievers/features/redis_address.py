"""Where a Redis is, in either of the forms people write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

# Seconds. redis-py's own retries would make a turn wait six of them to learn that nobody listens.
_PATIENCE = {"socket_connect_timeout": "1", "socket_timeout": "5", "retry": "null"}
_TEXTS = ("username", "password")


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """`options` are redis-py's, written as JSON or plain text."""

    nodes: tuple[str, ...]  # "host:port"
    options: Mapping[str, str]

    def connection_string(self) -> str:
        """Feast's `host:port,key=value,...`."""
        return ",".join([*self.nodes, *(f"{key}={value}" for key, value in self.options.items())])

    def client_options(self) -> dict[str, Any]:
        """Keyword arguments of `redis.Redis`. Raises ValueError for a cluster."""
        if len(self.nodes) > 1:
            raise ValueError("plain Redis hashes live on one server; name one HOST:PORT, or use Feast for a cluster")
        host, port = self.nodes[0].rsplit(":", 1)
        options = {key: value if key in _TEXTS else _parsed(value) for key, value in self.options.items()}
        return {"host": host, "port": int(port), **options}


def redis_address(url: str) -> RedisAddress:
    """Reads `host:port,key=value,...` or `redis[s]://user:password@host:port/db`.

    Adds timeouts, and no retries, unless they are given. Raises ValueError when there is no host, or no usable port.
    """
    try:
        nodes, options = _split_url(url) if "://" in url else _split_pairs(url)
        usable = bool(nodes) and all(node and node.rsplit(":", 1)[1].isdigit() for node in nodes)
    except ValueError:  # a port that is no number; the message would repeat the address, and with it a password
        usable = False
    if not usable:
        raise ValueError("not a Redis address; use redis://HOST:PORT/DB or HOST:PORT")
    return RedisAddress(tuple(nodes), {**_PATIENCE, **options})


def _split_pairs(text: str) -> tuple[list[str], dict[str, str]]:
    parts = [part.strip() for part in text.split(",")]
    options = dict(part.split("=", 1) for part in parts if "=" in part)
    return [part if ":" in part or not part else f"{part}:6379" for part in parts if "=" not in part], options


def _split_url(url: str) -> tuple[list[str], dict[str, str]]:
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        return [], {}
    options = {"ssl": "true"} if parts.scheme == "rediss" else {}
    if database := parts.path.strip("/"):
        options["db"] = database
    if parts.username:
        options["username"] = unquote(parts.username)
    if parts.password:
        options["password"] = unquote(parts.password)
    return [f"{parts.hostname}:{parts.port or 6379}"], options


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
