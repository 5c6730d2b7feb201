"""Writes the hashes that `redis_hashes.py` describes; an older event never replaces a newer one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import redis

from retrievers.features.descriptions import EVENT_TIMESTAMP, FeatureDescription, retail_descriptions
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.redis_hashes import Descriptions, hash_key, time_field
from retrievers.features.typed import typed

if TYPE_CHECKING:
    import pandas as pd

JOIN_KEYS = {"user": "user_id", "item": "product_id"}
_ROWS_PER_WRITE = 2000
# One script, so that of two writers at once the later event wins.
_WRITE_NEWEST = """
local held = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '')
if held and held > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
"""


class RedisHashWriter:
    """Rows are whole: the view's join key, `event_timestamp` and each of its features, None for what is not known."""

    def __init__(self, client: redis.Redis, descriptions: Descriptions | None = None) -> None:
        self._client = client
        self._views: dict[str, list[FeatureDescription]] = {}
        for known in (retail_descriptions() if descriptions is None else descriptions).values():
            self._views.setdefault(known.view, []).append(known)

    def push(self, view: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Returns how many rows were new enough to be written; nothing is when one of them is malformed.

        Raises ValueError naming the fault in one line, and FeaturesUnavailable.
        """
        known = self._known(view)
        commands = [_command(view, known, row) for row in rows]
        return sum(self._send(commands[start : start + _ROWS_PER_WRITE]) for start in _starts(commands))

    def write_online(self, view: str, frame: pd.DataFrame, progress: Callable[[int], None] | None = None) -> None:
        """As `FeastStore.write_online`: many rows, in batches."""
        for start in _starts(frame):
            batch = frame.iloc[start : start + _ROWS_PER_WRITE]
            plain = batch.astype(object).where(batch.notna(), None)
            self.push(view, plain.to_dict("records"))
            if progress is not None:
                progress(len(batch))

    def _known(self, view: str) -> list[FeatureDescription]:
        if view not in self._views:
            raise ValueError(f"unknown feature view {view!r}; one of: {', '.join(self._views)}")
        return self._views[view]

    def _send(self, commands: Sequence[tuple[str, list[Any]]]) -> int:
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                for key, arguments in commands:
                    pipeline.eval(_WRITE_NEWEST, 1, key, *arguments)
                return sum(pipeline.execute())
        except redis.RedisError as error:
            reason = (str(error).splitlines() or [""])[0]
            raise FeaturesUnavailable(f"Redis failed: {type(error).__name__}: {reason}") from error


def _starts(rows: Any) -> range:
    return range(0, len(rows), _ROWS_PER_WRITE)


def _command(view: str, known: Sequence[FeatureDescription], row: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The hash's key, and its fields and values in turn, the time first."""
    features = {each.name.split(":")[1]: each for each in known}
    join_key = JOIN_KEYS[known[0].entity]
    _check_columns(view, [join_key, EVENT_TIMESTAMP, *features], row)
    key = row[join_key]
    if not isinstance(key, str) or not key:
        raise ValueError(f"{view}: every {join_key} must be a non-empty string")
    pairs: list[Any] = [time_field(view), _seconds(view, row[EVENT_TIMESTAMP])]
    for name, each in features.items():
        pairs += [each.name, json.dumps(typed(each, row[name]), ensure_ascii=False, default=datetime.timestamp)]
    return hash_key(known[0].entity, key), pairs


def _check_columns(view: str, expected: Sequence[str], row: Mapping[str, Any]) -> None:
    faults = []
    if missing := [name for name in expected if name not in row]:
        faults.append(f"missing columns {', '.join(missing)}")
    if unexpected := [str(name) for name in row if name not in expected]:
        faults.append(f"unexpected columns {', '.join(unexpected)}")
    if faults:
        raise ValueError(f"{view}: {'; '.join(faults)}")


def _seconds(view: str, time: Any) -> int:
    if not isinstance(time, datetime) or time != time or time.tzinfo is None:
        raise ValueError(f"{view}: {EVENT_TIMESTAMP} must hold a time with its zone")
    return int(time.astimezone(UTC).timestamp())
