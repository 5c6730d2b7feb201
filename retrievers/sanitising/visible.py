"""Text without what the eye cannot see."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"
_HIDDEN = frozenset(("Cc", "Cf", "Co", "Cn", "Cs"))  # controls, zero-width, bidirectional and tag characters
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")  # letters and marks that draw nothing
_SELECTORS = range(0xFE00, 0xFE10)
_MORE_SELECTORS = range(0xE0100, 0xE01F0)


def normalise(text: str) -> str:
    """NFKC, line breaks as `\\n`, nothing invisible: hidden characters can carry words past a pattern."""
    return unicodedata.normalize("NFKC", visible(text))


def visible(text: str) -> str:
    """The same characters without the hidden ones, line breaks as `\\n`; what is left is spelt as it was."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_SEEN)


def is_seen(character: str) -> bool:
    """Whether a character draws something, or breaks or indents a line."""
    if character in _KEPT:
        return True
    code = ord(character)
    if character in _FILLERS or code in _SELECTORS or code in _MORE_SELECTORS:
        return False
    return unicodedata.category(character) not in _HIDDEN


class _Seen(dict[int, int | None]):
    """A table for `str.translate` that learns each character when it first meets it."""

    def __missing__(self, code: int) -> int | None:
        self[code] = code if is_seen(chr(code)) else None
        return self[code]


_SEEN = _Seen()
