"""A turn of the assistant as its shopper saw it, and what the graph knew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.traces.store import StoredRun

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class TurnView:
    message: str
    answer: str
    products: Rows
    citations: Rows
    degraded: Rows
    features: Rows
    filters: Rows  # of the plan, each with `kept`: honoured, relaxed or dropped
    evidence: Rows
    claims: Rows


def turn_view(runs: Sequence[StoredRun]) -> TurnView | None:
    """None for a trace that is no answered turn of the assistant."""
    root = next((run for run in runs if run.row["parent_run_id"] is None), None)
    if root is None or "answer" not in (root.run.outputs or {}):
        return None
    told = {run.row["name"]: run.run.outputs or {} for run in runs if run is not root}
    outputs, plan = root.run.outputs or {}, told.get("build_prompt", {}).get("plan") or {}
    return TurnView(
        message=str((root.run.inputs or {}).get("message", "")),
        answer=str(outputs["answer"]),
        products=_rows(outputs.get("products")),
        citations=_rows(outputs.get("citations")),
        degraded=_rows(outputs.get("degraded")),
        features=_rows(told.get("fetch_features", {}).get("features")),
        filters=[
            {**item, "kept": kept} for kept in ("honoured", "relaxed", "dropped") for item in _rows(plan.get(kept))
        ],
        evidence=_rows(told.get("build_prompt", {}).get("evidence")),
        claims=_rows(told.get("verify_citations", {}).get("claims")),
    )


def _rows(value: Any) -> Rows:
    """Whatever somebody sent under our names, only rows are shown as such."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
