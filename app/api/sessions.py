"""Signed tokens: who somebody is, in a bearer token of the shop's, or which guest, in a cookie."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

import jwt

from app.api.errors import Refused

COOKIE = "shelfwise_session"
_ALGORITHM = "HS256"
_GUEST_DAYS = 180
_GUEST = "guest-"
_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,127}")

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asking; `cookie` is a session just begun, to be set on the response."""

    user_id: str
    cookie: str | None = None


class Sessions:
    """An `app.api.ports.Identity`: a bearer token names a shopper, a cookie a guest, and nothing begins a new guest.

    A guest's cart and wishes live as long as the cookie. A token that does not hold is refused; such a cookie is
    replaced, since nobody can do anything about theirs.
    """

    def __init__(self, secret: str, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._secret, self._clock = secret, clock

    def __call__(self, headers: Mapping[str, str]) -> Asked:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme:
            return Asked(self._bearer(scheme, token.strip()))
        guest = self._subject(_cookie(headers.get("cookie", "")))
        if guest is not None and guest.startswith(_GUEST):
            return Asked(guest)
        begun = f"{_GUEST}{secrets.token_hex(16)}"
        return Asked(begun, self.token(begun, timedelta(days=_GUEST_DAYS)))

    def token(self, user_id: str, lasting: timedelta) -> str:
        """A token that names this shopper. Raises ValueError for an id no shopper may have."""
        if not _USER_ID.fullmatch(user_id):
            raise ValueError("a shopper's id is 1 to 128 letters, digits, dots, dashes, underscores or @")
        now = self._clock()
        return jwt.encode({"sub": user_id, "iat": now, "exp": now + lasting}, self._secret, _ALGORITHM)

    def _bearer(self, scheme: str, token: str) -> str:
        user_id = self._subject(token) if scheme.casefold() == "bearer" else None
        if user_id is None:
            line = "The bearer token is not valid or has expired."
            raise Refused(401, line, "unauthorized", {"WWW-Authenticate": "Bearer"})
        return user_id

    def _subject(self, token: str) -> str | None:
        try:
            claims = jwt.decode(
                token, self._secret, [_ALGORITHM], options={"require": ["sub", "exp"], "verify_exp": False}
            )
        except jwt.InvalidTokenError:
            return None
        expired = not isinstance(claims["exp"], int | float) or claims["exp"] <= self._clock().timestamp()
        subject = str(claims["sub"])
        return None if expired or not _USER_ID.fullmatch(subject) else subject


def secret_in(folder: Path) -> str:
    """The key that signs, made on first use and shared by every process on this directory; its owner's alone."""
    path = folder / "session.key"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".session.key.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(unfinished, path)  # of two that begin at once one wins, and both read the same
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text(encoding="ascii").strip()


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
