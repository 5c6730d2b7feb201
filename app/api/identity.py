"""Who is asking: the one seam between a request and a shopper's id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import Refused
from app.api.parts import AppParts
from app.api.sessions import COOKIE, Asked, Sessions

DEMO_HEADER = "x-demo-user"
_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_FOR = 180 * 24 * 3600  # seconds a browser keeps the session


class DemoShopper:
    """Believes `X-Demo-User`, and without it whoever the session says. Demo mode only: anyone may be anyone."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def __call__(self, headers: Mapping[str, str]) -> Asked:
        """Raises Refused on a malformed name."""
        claimed = headers.get(DEMO_HEADER)
        if claimed is None:
            return self._sessions(headers)
        if not _USER_ID.fullmatch(claimed):
            line = "X-Demo-User must be 1 to 64 letters, digits, dots, dashes or underscores."
            raise Refused(400, line, "invalid_shopper")
        return Asked(claimed)


def asker_of(request: Request, parts: AppParts) -> str:
    asked = parts.identity(request.headers)
    request.state.begun = asked.cookie
    return asked.user_id


Asker = Annotated[str, Depends(asker_of)]


class SessionCookie:
    """Sets the cookie of a session that began with this request. ASGI, for the sake of streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_cookie(message: Message) -> None:
            begun = scope.get("state", {}).get("begun")
            if message["type"] == "http.response.start" and begun:
                secure = "; Secure" if scope.get("scheme") == "https" else ""
                value = f"{COOKIE}={begun}; Path=/; Max-Age={_FOR}; HttpOnly; SameSite=Lax{secure}"
                MutableHeaders(scope=message).append("set-cookie", value)
            await send(message)

        await self._app(scope, receive, send_with_cookie)
