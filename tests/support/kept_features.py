"""An online store in memory: judged by the shop's own rule, and an older row never replaces a newer one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from retrievers.features.descriptions import EVENT_TIMESTAMP, retail_descriptions
from retrievers.features.judging import judged
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.typed import typed


class KeptFeatures:
    """A `FeatureSource` and a `FeatureWriter`."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.writes: list[str] = []  # views, in the order they were written
        self.down = False

    async def shopper(self, user_id: str, now: datetime):
        known = (each for each in retail_descriptions().values() if each.entity == "user")
        return {each.name: self._value(each, user_id, now) for each in known}

    async def items(self, product_ids, now, *, orders=False):
        return {}

    async def write(self, view: str, row: Mapping[str, Any]) -> None:
        if self.down:
            raise FeaturesUnavailable("switched off")
        names = {name.partition(":")[2] for name in retail_descriptions() if name.startswith(f"{view}:")}
        assert row.keys() == {"user_id", EVENT_TIMESTAMP, *names}
        for name in names:
            typed(retail_descriptions()[f"{view}:{name}"], row[name])
        self.writes.append(view)
        held = self.rows.get((view, row["user_id"]))
        if held is None or _second(held) <= _second(row):
            self.rows[view, row["user_id"]] = row

    def value(self, name: str, user_id: str) -> Any:
        view, _, short = name.partition(":")
        return self.rows.get((view, user_id), {}).get(short)

    def _value(self, description, user_id: str, now: datetime):
        view, _, short = description.name.partition(":")
        row = self.rows.get((view, user_id))
        if row is None:
            return judged(description, None, None, now)
        return judged(description, row[short], _second(row).timestamp(), now)


def _second(row: Mapping[str, Any]) -> datetime:
    return row[EVENT_TIMESTAMP].astimezone(UTC).replace(microsecond=0)
