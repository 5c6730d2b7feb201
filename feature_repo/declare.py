"""The few words declarations are written in: a feature with its tags, a view with its ages, a repository."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from feast import Entity, FeatureService, FeatureView, Field, PushSource
from feast.data_source import DataSource
from feast.types import String

SourceFactory = Callable[[str], DataSource]  # view name -> where its history lives


@dataclass(frozen=True, slots=True)
class Repository:
    """Everything one domain declares. Feature ages are tags in seconds; Feast itself never reads them."""

    entities: tuple[Entity, ...]
    views: tuple[FeatureView, ...]
    services: tuple[FeatureService, ...]

    def objects(self) -> list[Any]:
        """What `FeatureStore.apply` takes; push sources travel with their views."""
        return [*self.entities, *(view.stream_source for view in self.views), *self.views, *self.services]

    def view(self, name: str) -> FeatureView:
        """Raises ValueError naming the views there are."""
        for view in self.views:
            if view.name == name:
                return view
        raise ValueError(f"unknown feature view {name!r}; one of: {', '.join(view.name for view in self.views)}")

    def service(self, name: str) -> FeatureService:
        return next(service for service in self.services if service.name == name)


def feature(
    name: str,
    dtype: Any,
    unit: str,
    en: str,
    ko: str,
    *,
    hard_age: timedelta | None = None,
    default: Literal["mean", "mode"] | None = None,
    shipped: float | str | None = None,
    values: Literal["number", "string"] | None = None,
    onboarding: bool = False,
) -> Field:
    """A field with its tags.

    `hard_age` overrides the view's. `default` says how other shoppers' values may stand in for a missing one; without
    it none ever does. `shipped` is used when nothing was computed. `values` types the values of a JSON object.
    `onboarding` marks an answer to a question asked at the start.
    """
    tags = {"display_en": en, "display_ko": ko, "unit": unit}
    if hard_age is not None:
        tags["hard_age"] = _seconds(hard_age)
    if default is not None:
        tags["default"] = default
    if shipped is not None:
        tags["shipped"] = json.dumps(shipped)
    if values is not None:
        tags["values"] = values
    if onboarding:
        tags["onboarding"] = "true"
    return Field(name=name, dtype=dtype, tags=tags)


def view(
    name: str,
    entity: Entity,
    source: SourceFactory,
    fields: Sequence[Field],
    *,
    ttl: timedelta,
    freshness: timedelta,
    hard_age: timedelta | None = None,
) -> FeatureView:
    """A view fed by the push source `<name>_push`; `hard_age` is the ttl unless given."""
    return FeatureView(
        name=name,
        entities=[entity],
        ttl=ttl,
        schema=[Field(name=entity.join_key, dtype=String), *fields],
        source=PushSource(name=f"{name}_push", batch_source=source(name)),
        online=True,
        tags={"freshness_target": _seconds(freshness), "hard_age": _seconds(hard_age or ttl)},
    )


def _seconds(duration: timedelta) -> str:
    return str(int(duration.total_seconds()))
