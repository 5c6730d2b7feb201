"""How long something is kept, as people write it."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_AGE = re.compile(r"(?P<count>\d{1,6})(?P<unit>[hdw])")


def age_of(words: str) -> timedelta:
    """`12h`, `30d` or `8w`. Raises ValueError."""
    told = _AGE.fullmatch(words.strip())
    if told is None or not int(told["count"]):
        raise ValueError(f"{words!r} is no age: say 12h, 30d or 8w")
    return int(told["count"]) * _UNITS[told["unit"]]
