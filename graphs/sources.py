"""The numbering every part of a turn shares: what `[1]` and `[F1]` stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from retrievers.records import Evidence, FeatureValue, ItemFacts, UnifiedContext


@dataclass(frozen=True, slots=True)
class Sources:
    """Markers without brackets: `"1"` for evidence, in order; `"F1"` for the shopper's readable features, in order."""

    evidence: Mapping[str, Evidence]
    features: Mapping[str, FeatureValue]
    items: Mapping[str, ItemFacts]  # live facts by product_id; they win over documents
    currency: str
    parsed: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What verification has read of these sources, so that a turn reads each of them once."""

    @classmethod
    def of(cls, context: UnifiedContext) -> Sources:
        shown = (*context.evidence, *(miss.evidence for miss in context.nearest))
        readable = [value for value in context.features.values() if value.readable]
        return cls(
            evidence={str(number): evidence for number, evidence in enumerate(shown, 1)},
            features={f"F{number}": value for number, value in enumerate(readable, 1)},
            items=context.items,
            currency=context.currency,
        )

    def evidence_marker(self, evidence_id: str) -> str | None:
        return next((marker for marker, evidence in self.evidence.items() if evidence.id == evidence_id), None)

    def feature_marker(self, name: str) -> str | None:
        return next((marker for marker, value in self.features.items() if value.name == name), None)
