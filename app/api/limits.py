"""A bound on what a request may send."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import Refused, problem


class BodyLimit:
    """Refuses a body over `max_bytes` with 413, also when its length was not declared or was a lie."""

    def __init__(self, app: ASGIApp, max_bytes: int, elsewhere: Sequence[str] = ()) -> None:
        """What is mounted `elsewhere` has limits of its own."""
        self._app = app
        self._max_bytes = max_bytes
        self._elsewhere = tuple(f"{path}/" for path in elsewhere)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._elsewhere):
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._max_bytes:
            await problem(413, self._message, "too_large")(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise Refused(413, self._message, "too_large")
            return message

        await self._app(scope, counted, send)

    @property
    def _message(self) -> str:
        return f"The request is larger than {self._max_bytes} bytes; send a shorter one."
