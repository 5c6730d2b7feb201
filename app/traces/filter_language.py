"""LangSmith's filter language read into calls: `and(eq(name, "retrieve"), gt(latency, 2))`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<word>[^\s(),\[\]"']+)|(?P<mark>[(),\[\]]))"""
)
_LONGEST, _DEEPEST = 8_192, 32


class FilterError(ValueError):
    """The filter cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A field, as opposed to a quoted text."""

    name: str


def parse(text: str) -> Call:
    if len(text) > _LONGEST:
        raise FilterError(f"a filter may be {_LONGEST} characters long")
    tokens = _tokens(text)
    call = _expression(tokens, 0)
    if tokens or not isinstance(call, Call):
        raise FilterError(f"not a filter: {text[:80]}")
    return call


def _tokens(text: str) -> list[tuple[str, str]]:
    """In reverse, so that the next is popped off the end."""
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise FilterError(f"cannot be read from: {text[place : place + 40]}")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        place = match.end()
    return found[::-1]


def _expression(tokens: list[tuple[str, str]], depth: int) -> Any:
    if not tokens or depth > _DEEPEST:
        raise FilterError("the filter ends too early or nests too deeply")
    kind, word = tokens.pop()
    if kind == "text":
        return re.sub(r"\\(.)", r"\1", word[1:-1])
    if word == "[":
        return _listed(tokens, "]", depth)
    if kind == "mark":
        raise FilterError(f"unexpected {word}")
    if tokens and tokens[-1] == ("mark", "("):
        tokens.pop()
        return Call(word, tuple(_listed(tokens, ")", depth)))
    return _literal(word)


def _listed(tokens: list[tuple[str, str]], end: str, depth: int) -> list[Any]:
    listed = list[Any]()
    while tokens and tokens[-1][1] != end:
        listed.append(_expression(tokens, depth + 1))
        if tokens and tokens[-1] == ("mark", ","):
            tokens.pop()
    if not tokens:
        raise FilterError(f"the filter ends before its closing {end}")
    tokens.pop()
    return listed


def _literal(word: str) -> Any:
    try:
        return json.loads(word.lower() if word.lower() in ("true", "false", "null") else word)
    except ValueError:
        return None if word == "None" else Name(word)
