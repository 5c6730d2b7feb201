"""Who is asking: the one seam where sessions and tokens will plug in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from app.api.errors import Refused
from app.api.parts import AppParts

ANONYMOUS = "anonymous"
DEMO_HEADER = "x-demo-user"
_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def anonymous(headers: Mapping[str, str]) -> str:
    """Outside demo mode nobody is signed in yet, whatever the request claims."""
    return ANONYMOUS


def demo_shopper(headers: Mapping[str, str]) -> str:
    """Believes `X-Demo-User`. Demo mode only: anyone may be anyone. Raises Refused on a malformed name."""
    claimed = headers.get(DEMO_HEADER)
    if claimed is None:
        return ANONYMOUS
    if not _USER_ID.fullmatch(claimed):
        raise Refused(400, "X-Demo-User must be 1 to 64 letters, digits, dots, dashes or underscores.")
    return claimed


def asker_of(request: Request, parts: AppParts) -> str:
    return parts.identity(request.headers)


Asker = Annotated[str, Depends(asker_of)]
