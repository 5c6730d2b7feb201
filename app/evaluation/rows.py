"""Rows of a file the caller names: JSON Lines, plain or .gz, with one clear error for the first row that is wrong."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_GZIP = b"\x1f\x8b"


class EvaluationError(Exception):
    """One line that says what is wrong with what was given, and where."""


def read_rows(path: Path, fields: Mapping[str, type | tuple[type, ...]]) -> list[dict[str, Any]]:
    """Every row, each with at least `fields` of these types; a `label` is 0 or 1.

    Raises EvaluationError, also for a file without rows.
    """
    rows = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            rows.append(_row(line, f"{path}, line {number}", fields))
    if not rows:
        raise EvaluationError(f"{path} holds no rows; expected one JSON object a line with {_named(fields)}")
    return rows


def read_text(path: Path) -> str:
    """A whole file, plain or .gz. Raises EvaluationError."""
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data.startswith(_GZIP) else data).decode("utf-8-sig")
    except FileNotFoundError:
        raise EvaluationError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise EvaluationError(f"{path} is a folder; name a file in it") from None
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not UTF-8 text (byte {error.start})") from None
    except (OSError, EOFError, zlib.error) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from None


def _row(line: str, place: str, fields: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise EvaluationError(f"{place}: not valid JSON") from None
    if not isinstance(row, dict):
        raise EvaluationError(f"{place}: not a JSON object")
    for name, kinds in fields.items():
        if name not in row:
            raise EvaluationError(f"{place}: no {name!r}; a row has {_named(fields)}")
        if not isinstance(row[name], kinds) or (isinstance(row[name], bool) and bool not in _each(kinds)):
            raise EvaluationError(f"{place}: {name!r} is {json.dumps(row[name])[:60]}, not {_names(kinds)}")
        if name == "label" and row[name] not in (0, 1):
            raise EvaluationError(f"{place}: 'label' is {row[name]}, not 0 or 1")
    return row


def _each(kinds: type | tuple[type, ...]) -> tuple[type, ...]:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def _names(kinds: type | tuple[type, ...]) -> str:
    spoken = {str: "a text", int: "a whole number", float: "a number", dict: "an object", list: "a list"}
    return " or ".join(spoken.get(kind, kind.__name__) for kind in _each(kinds))


def _named(fields: Mapping[str, Any]) -> str:
    return " and ".join(repr(name) for name in fields)
