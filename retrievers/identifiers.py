"""Numbers that name one product: EAN, SKU, model number; the same however they are spaced or hyphenated."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:[-./][^\W_]+)*")
_FIGURE = re.compile(r"\d+[a-z]{1,4}|\d+x\d+")  # "10000mah" and "1920x1080" measure something
_SHORTEST, _SHORTEST_DIGITS = 6, 8  # characters, with letters and without
_LEAST_DIGITS = 2


def squeezed(number: str) -> str:
    """Letters and digits alone, without case: "FS-9130 DN" is "fs9130dn"."""
    return "".join(letter for letter in number.casefold() if letter.isalnum())


def identifiers(text: str) -> frozenset[str]:
    """The words of a text that can be such a number, squeezed."""
    return frozenset(word for word in map(squeezed, _WORD.findall(text)) if _can_name(word))


def _can_name(word: str) -> bool:
    digits = sum(letter.isdigit() for letter in word)
    if digits == len(word):
        return digits >= _SHORTEST_DIGITS
    return len(word) >= _SHORTEST and digits >= _LEAST_DIGITS and not _FIGURE.fullmatch(word)
