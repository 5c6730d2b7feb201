"""What each feature is called, counted in and worth after a while: the declarations' tags, typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from feast import FeatureView, Field, FileSource

from feature_repo.declare import Repository
from feature_repo.retail import retail


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

    @property
    def lifetime(self) -> timedelta:
        return min(self.ttl, self.hard_age)


def describe(repository: Repository) -> dict[str, FeatureDescription]:
    """Keyed by `view:feature`, in declaration order."""
    described = (_description(view, field) for view in repository.views for field in view.features)
    return {description.name: description for description in described}


def retail_descriptions() -> dict[str, FeatureDescription]:
    """Those of the retail domain, without a store: names and ages do not depend on where the data lives."""
    return describe(retail(lambda view: FileSource(name=view, path=view, timestamp_field="event_timestamp")))


def _description(view: FeatureView, field: Field) -> FeatureDescription:
    tags = field.tags
    return FeatureDescription(
        name=f"{view.name}:{field.name}",
        entity=view.entities[0],
        dtype=str(field.dtype),
        names={"en": tags["display_en"], "ko": tags["display_ko"]},
        unit=tags["unit"],
        ttl=view.ttl,
        freshness_target=timedelta(seconds=int(view.tags["freshness_target"])),
        hard_age=timedelta(seconds=int(tags.get("hard_age", view.tags["hard_age"]))),
        default=tags.get("default"),
        shipped=json.loads(tags["shipped"]) if "shipped" in tags else None,
        values=tags.get("values"),
    )
