"""Descriptions taken from Feast's declarations. `python -m retrievers.features.declared` writes `retail.json` anew."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from feast import FeatureView, Field, FileSource

from feature_repo.declare import Repository
from feature_repo.retail import retail
from retrievers.features.descriptions import FeatureDescription


def describe(repository: Repository) -> dict[str, FeatureDescription]:
    """Keyed by `view:feature`, in declaration order."""
    described = (_description(view, field) for view in repository.views for field in view.features)
    return {description.name: description for description in described}


def declared_retail() -> dict[str, FeatureDescription]:
    """Those of the retail domain, without a store: names and ages do not depend on where the data lives."""
    return describe(retail(lambda view: FileSource(name=view, path=view, timestamp_field="event_timestamp")))


def as_json(descriptions: dict[str, FeatureDescription]) -> str:
    """Durations in seconds; one feature a line."""
    lines = (json.dumps(asdict(known), ensure_ascii=False, default=_seconds) for known in descriptions.values())
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


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
        onboarding="onboarding" in tags,
    )


if __name__ == "__main__":
    Path(__file__).with_name("retail.json").write_text(as_json(declared_retail()), encoding="utf-8")
