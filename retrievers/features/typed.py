"""Plain values held to the type a feature declares, where no Feast does it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from retrievers.features.descriptions import FeatureDescription

T = TypeVar("T")


def typed(description: FeatureDescription, value: Any) -> Any:
    """The value as Feast would give it back: NaN is None, times are UTC in whole seconds. Raises ValueError."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if description.values is not None:
        return _object(description, value)
    try:
        return _TYPES[description.dtype](value)
    except ValueError:
        raise ValueError(f"{description.name} must hold {description.dtype}: found {_kind(value)}") from None


def _object(description: FeatureDescription, value: Any) -> dict[str, Any]:
    held: Callable[[Any], Any] = _number if description.values == "number" else _string
    try:
        if not isinstance(value, Mapping):
            raise ValueError
        return {_string(key): held(element) for key, element in value.items()}
    except ValueError:
        raise ValueError(f"{description.name} must hold an object of {description.values}s") from None


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool | str) or not math.isfinite(number := _converted(float, value)):
        raise ValueError
    return number


def _integer(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError
    return int(number)


def _strings(value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise ValueError
    return [_string(element) for element in value]


def _time(value: Any) -> datetime:
    """A time with its zone, or seconds since 1970."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError
        return value.astimezone(UTC).replace(microsecond=0)
    return _converted(lambda seconds: datetime.fromtimestamp(int(seconds), UTC), _number(value))


def _converted(convert: Callable[[Any], T], value: Any) -> T:
    try:
        return convert(value)
    except (TypeError, OverflowError, OSError):
        raise ValueError from None


def _kind(value: Any) -> str:
    """Never the value itself: it may be somebody's."""
    return type(value).__name__


_TYPES: Mapping[str, Callable[[Any], Any]] = {
    "String": _string,
    "Float64": _number,
    "Int64": _integer,
    "Array(String)": _strings,
    "UnixTimestamp": _time,
}
