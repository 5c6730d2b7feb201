"""A case as LangSmith keeps an example: inputs, reference outputs and metadata, all plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from app.evaluation.dataset.case import DatasetCase, Reference
from app.evaluation.dataset.limits import Limits
from app.evaluation.evaluators.limits import keeps
from app.evaluation.evaluators.records import Records, records_for
from retrievers.records import ShopperFeatures

Json = dict[str, Any]


def inputs_of(case: DatasetCase) -> Json:
    given = case.given.model_dump(mode="json", exclude_unset=True)
    return {"shopper": case.shopper, "lang": case.lang, "turns": list(case.turns), "given": given}


def metadata_of(case: DatasetCase) -> Json:
    tags, sources = list(case.tags), list(case.expect.sources)
    return {"id": case.id, "capability": case.capability, "lang": case.lang, "tags": tags, "sources": sources}


def reference_of(case: DatasetCase, records: Records, known: ShopperFeatures | None = None) -> Json:
    """What is said of products by limits is spelt out; `known` of the shopper is what personal statements may say."""
    said = {name: _plain(getattr(case.expect, name)) for name in case.expect.model_fields_set}
    if isinstance(case.expect.relevant, Limits):
        found = kept_by(records_for(records, inputs_of(case)), case.expect.relevant)
        said["relevant"] = dict.fromkeys(found, 1)
    if known is not None:
        own = {name: value.value for name, value in known.items() if value.status in ("online", "onboarding")}
        said["features"] = {**said.get("features", {}), "known": to_jsonable_python(own)}
    return said


def contradiction(expect: Reference, records: Records) -> str:
    """What the reference says of the shop that is not so; empty when it agrees with the catalogue."""
    if not expect.requires:
        return ""
    found = kept_by(records, *expect.requires.values())
    least = (expect.count.min if expect.count else None) or 1
    if not expect.exists:
        return f"{len(found)} products keep what none should: {', '.join(found[:3])}" if found else ""
    return "" if len(found) >= least else f"{len(found)} products keep the requirements, {least} should be shown"


def kept_by(records: Records, *limits: Limits) -> list[str]:
    wanted = [_plain(each) for each in limits]
    return [product_id for product_id, record in records.items() if keeps(wanted, record)]


def _plain(value: Any) -> Any:
    """Without what was left out."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
