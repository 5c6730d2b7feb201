"""The inputs of a turn as its trace tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

from app.traces.row import time_of
from app.traces.store import StoredRun
from app.traces.stored_turn import Row, StoredTurn, stored_turn
from graphs.turn import Changes, Lang, Turn
from retrievers.features.descriptions import FeatureDescription, retail_descriptions
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.features.typed import typed
from retrievers.records import Clock, FeatureStatus, FeatureValue, ItemFacts, ShopperFeatures

Level = Literal["segment", "population", "shipped"]


class NotReplayable(Exception):
    """The trace cannot be run again; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    stored: StoredTurn

    @classmethod
    def of(cls, runs: Sequence[StoredRun]) -> RecordedTurn:
        """Raises NotReplayable."""
        stored = stored_turn(runs)
        if stored is None:
            raise NotReplayable("this trace is no turn of the assistant, so there is nothing to run again")
        if stored.is_decision:
            raise NotReplayable("this turn was a shopper's yes or no to something proposed: that happens only once")
        if not stored.message:
            raise NotReplayable("this turn ended before its message was received: there is nothing to ask again")
        if stored.lang not in get_args(Lang):
            raise NotReplayable(f"this turn was asked in {stored.lang!r}, which the assistant does not speak")
        return cls(stored)

    def turn(self, changes: Changes) -> Turn:
        """In no conversation, with the memory of the one it was in."""
        told = self.stored
        return Turn(told.message, told.user_id, cast(Lang, told.lang), changes=changes, memory=told.memory)

    def clock(self) -> datetime:
        """The time of the turn, which stands still: nothing ages while it is run again."""
        return time_of(self.stored.started_us)

    def limits(self) -> tuple[str, ...]:
        """Names of the limits the shopper stated, by field and by field with operator."""
        stated = [item for item in self.stored.filters if item.get("origin") == "stated"]
        names = [name for each in stated for name in (str(each.get("field")), f"{each.get('field')} {each.get('op')}")]
        return tuple(dict.fromkeys(names))


class RecordedFeatures:
    """A `FeatureSource` and `FeatureDefaults`: what was known of the shopper then, and of the shelf today.

    At another time than the turn's own, features are as old as they have become since.
    """

    def __init__(self, stored: StoredTurn, today: FeatureSource, clock: Clock) -> None:
        self._stored, self._today, self._clock = stored, today, clock
        values = [_value(row, retail_descriptions()) for row in stored.features]
        self._values: ShopperFeatures = {value.name: value for value in values}

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        """Raises FeaturesUnavailable where they could not be read then."""
        if not self._stored.readable:
            raise FeaturesUnavailable(self._why_unreadable())
        passed = (now - time_of(self._stored.started_us)).total_seconds()
        described = retail_descriptions()
        read = {name: value for name, value in self._values.items() if value.status != "default"}
        own = {name: _aged(value, passed, described) for name, value in read.items()}
        unknown = {name: FeatureValue(name, None, "missing") for name in self._values.keys() - own.keys()}
        return {**own, **unknown}

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        """Whatever time the turn goes by, the shelf's facts are as old as they are today."""
        return await self._today.items(product_ids, self._clock(), orders=orders)

    def for_shopper(self, user_id: str) -> tuple[ShopperFeatures, Level]:
        assumed = {name: value for name, value in self._values.items() if value.status == "default"}
        level = self._stored.defaults_level
        return assumed, cast(Level, level) if level in get_args(Level) else "shipped"

    def _why_unreadable(self) -> str:
        told = (row.get("detail") for row in self._stored.degraded if row.get("part") == "features")
        return str(next(told, "features could not be read then"))


class Unwritten:
    """A `FeatureWriter` that forgets: what a turn run again would have told the store."""

    async def write(self, view: str, row: Mapping[str, Any]) -> None:
        """Nothing is kept."""


def _aged(value: FeatureValue, passed_s: float, descriptions: Mapping[str, FeatureDescription]) -> FeatureValue:
    """Past its lifetime it has become stale."""
    if value.age_s is None or passed_s <= 0:
        return value
    older, known = replace(value, age_s=value.age_s + passed_s), descriptions.get(value.name)
    outlived = known is not None and value.age_s + passed_s > known.lifetime.total_seconds()
    return replace(older, status="stale") if outlived and value.readable else older


def _value(row: Row, descriptions: Mapping[str, FeatureDescription]) -> FeatureValue:
    """`missing` where the trace holds no value of the feature's type, as of one that was masked."""
    name, status, age = str(row.get("name")), row.get("status"), row.get("age_s")
    value, event_time = row.get("value"), _time(row.get("event_time"))
    if status not in get_args(FeatureStatus):
        return FeatureValue(name, None, "missing")
    if name in descriptions and value is not None:
        try:
            told = _time(value) if descriptions[name].dtype == "UnixTimestamp" else value
            value = typed(descriptions[name], told)
        except ValueError:
            return FeatureValue(name, None, "missing")
    return FeatureValue(name, value, cast(FeatureStatus, status), event_time, age)


def _time(told: Any) -> datetime | None:
    try:
        read = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read and read.tzinfo is None else read
