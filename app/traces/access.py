"""Who may see traces: whoever brings the operator's token, or sits at this machine where there is none."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_READS = ("GET", "HEAD", "OPTIONS")


class OperatorsOnly:
    """As a bearer token, as the SDK's `x-api-key`, or as the password a browser asks for."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_operator(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refused = PlainTextResponse("Traces are for operators.", 401, {"WWW-Authenticate": 'Basic realm="traces"'})
        await refused(scope, receive, send)

    def _is_operator(self, headers: Headers) -> bool:
        kind, _, value = headers.get("authorization", "").partition(" ")
        given = {"bearer": value, "basic": _password(value)}.get(kind.lower(), headers.get("x-api-key", ""))
        return hmac.compare_digest(given.encode(), self._token)


class OwnNamesOnly:
    """Answers to names of this machine and to the configured one.

    A page of another site can make its own name lead here (DNS rebinding), but not make the browser say another name.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app, self._names = app, frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_own(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        refused = PlainTextResponse("Traces without a token answer to localhost only; open them under that name.", 421)
        await refused(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name == "localhost" or name in self._names or _is_loopback(name)


class OwnPagesOnly:
    """Programs send no Origin; a page of another site that a browser here has open does, and is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_own_page(Headers(scope=scope), scope["method"]):
            await self._app(scope, receive, send)
            return
        await JSONResponse({"detail": "requests from pages of other sites are refused"}, 403)(scope, receive, send)


def _is_own_page(headers: Headers, method: str) -> bool:
    """Following a link from elsewhere is no harm; whatever writes must come from a page of ours, or from no page."""
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2] == headers.get("host")
    return method in _READS or headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _password(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
