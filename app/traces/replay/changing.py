"""What somebody wants to be different, read from the words of a command line."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from graphs.turn import Changes
from retrievers.features.descriptions import FeatureDescription
from retrievers.features.typed import typed

Descriptions = Mapping[str, FeatureDescription]


class BadChange(Exception):
    """A change that cannot be made; the message is one line and says what can be."""


def changes_of(
    values: Sequence[str], without: Sequence[str], descriptions: Descriptions, limits: Collection[str]
) -> Changes:
    """`values` are `feature=value`; `without` names features, or one of the `limits` the shopper stated.

    A feature may be called by its name without the view, where only one has it. Raises BadChange.
    """
    known = {name: each for name, each in descriptions.items() if each.entity == "user"}
    given = dict(_given(each, known) for each in values)
    left_out = {each if each in limits else _feature(each, known, limits) for each in without}
    unknown = {name for name, value in given.items() if value is None}
    if both := given.keys() & left_out:
        raise BadChange(f"{min(both)} cannot be both set and left out")
    told = {name: value for name, value in given.items() if value is not None}
    return Changes(frozenset(left_out | unknown), told)


def _given(words: str, known: Descriptions) -> tuple[str, Any]:
    name, sign, text = words.partition("=")
    if not sign:
        raise BadChange(f"{words!r} is no feature=value")
    name = _feature(name.strip(), known)
    try:
        return name, typed(known[name], _read(text.strip(), known[name]))
    except ValueError as error:
        raise BadChange(str(error)) from None


def _read(text: str, description: FeatureDescription) -> Any:
    """JSON, else the words as they are; several words are separated by commas."""
    if text == "null":
        return None
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if description.dtype == "String" and description.values is None:
        return value if isinstance(value, str) else text
    if description.dtype == "Array(String)" and not isinstance(value, list):
        return [word.strip() for word in text.split(",")]
    if description.dtype == "UnixTimestamp" and isinstance(value, str):
        return _time(value, description)
    return value


def _time(words: str, description: FeatureDescription) -> datetime:
    try:
        read = datetime.fromisoformat(words)
    except ValueError:
        raise ValueError(f"{description.name} must hold a time, as 2026-11-01T10:00:00Z") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _feature(said: str, known: Descriptions, limits: Collection[str] = ()) -> str:
    if said in known:
        return said
    found = [name for name in known if name.partition(":")[2] == said]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadChange(f"{said} may be {' or '.join(found)}: name it with its view")
    kind = "neither a feature nor a limit that was stated" if limits else "no feature"
    raise BadChange(f"{said!r} is {kind}; {_nearest(said, (*known, *limits))}")


def _nearest(said: str, names: Collection[str]) -> str:
    """By their whole names and by those without the view."""
    by_word = {word: name for name in names for word in (name.partition(":")[2], name) if word}
    close = dict.fromkeys(by_word[word] for word in get_close_matches(said, by_word, n=5, cutoff=0.4))
    return f"nearest are {', '.join([*close][:3])}" if close else f"there are {', '.join(names)}"
