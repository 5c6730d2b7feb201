"""Citation markers as they stand in a text: `[1]`, `[F2]`, `[A1]`, `[1, 2]`."""

from __future__ import annotations

import re

ONE = r"\[\s*[AF]?\d{1,3}(?:\s*[,;]\s*[AF]?\d{1,3})*\s*\]"
MARKER = re.compile(ONE)
UNFINISHED = re.compile(r"\[[\sAF\d,;]*\Z")  # the end of a text that may still become a marker
_NAME = re.compile(r"[AF]?\d+")
_BEFORE_MARKER = re.compile(rf"[ \t]*{ONE}")


def markers(text: str) -> tuple[str, ...]:
    """Names without brackets, in order, each once."""
    names = (name for marker in MARKER.findall(text) for name in _NAME.findall(marker))
    return tuple(dict.fromkeys(names))


def without_markers(text: str) -> str:
    """The text with markers and the space before them taken out."""
    return _BEFORE_MARKER.sub("", text).strip()
