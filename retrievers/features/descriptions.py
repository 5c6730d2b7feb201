"""What each feature is called, counted in and worth after a while: the declarations' tags, typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

EVENT_TIMESTAMP = "event_timestamp"  # the column of a row that says when it was true
_DURATIONS = ("ttl", "freshness_target", "hard_age")


@dataclass(frozen=True, slots=True)
class FeatureDescription:
    """`name` is `view:feature`. A value older than both would allow, `lifetime`, decides nothing."""

    name: str
    entity: str  # "user" or "item"
    dtype: str  # Feast's name of the type: "String", "Float64", "Int64", "Array(String)", "Json", "UnixTimestamp"
    names: Mapping[str, str]  # display names by language: en, ko
    unit: str
    ttl: timedelta
    freshness_target: timedelta
    hard_age: timedelta
    default: Literal["mean", "mode"] | None = None  # how other shoppers' values may stand in; None: never
    shipped: float | str | None = None  # what to assume when nothing was computed
    values: Literal["number", "string"] | None = None  # of a JSON object
    onboarding: bool = False  # an answer to a question asked at the start

    @property
    def lifetime(self) -> timedelta:
        return min(self.ttl, self.hard_age)

    @property
    def view(self) -> str:
        return self.name.split(":")[0]


def retail_descriptions() -> dict[str, FeatureDescription]:
    """Those of the retail domain, keyed by `view:feature` in declaration order.

    Read from `retail.json`, which `python -m retrievers.features.declared` writes from the declarations: importing
    Feast to ask them takes seconds.
    """
    return dict(_retail())


@cache
def _retail() -> dict[str, FeatureDescription]:
    file = Path(__file__).with_name("retail.json")
    return {tags["name"]: _parsed(tags) for tags in json.loads(file.read_text(encoding="utf-8"))}


def _parsed(tags: dict[str, Any]) -> FeatureDescription:
    return FeatureDescription(**{**tags, **{name: timedelta(seconds=tags[name]) for name in _DURATIONS}})
