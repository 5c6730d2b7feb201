"""Who may see traces: whoever brings the operator's token."""

from __future__ import annotations

import hmac
from base64 import b64decode

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


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


def _password(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
