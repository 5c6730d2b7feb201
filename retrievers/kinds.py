"""The kind of thing asked for, where a bound on a price or a figure would let anything else in."""

from __future__ import annotations

from collections.abc import Sequence

from retrievers.index.protocol import Hit
from retrievers.records import FilterPlan


def bounded(plan: FilterPlan) -> bool:
    """Whether a price or a figure is bounded: something else is always cheaper than what was asked for."""
    return any(item.op in ("lte", "gte") and item.origin in ("stated", "declared") for item in plan.honoured)


def of_kind(hits: tuple[Hit, ...], heads: Sequence[str]) -> tuple[Hit, ...]:
    """Those that are the kind of thing asked for; all of them when no kind is known."""
    if not heads:
        return hits
    return tuple(hit for hit in hits if not frozenset(heads).isdisjoint(hit.evidence.metadata.get("heads") or ()))
