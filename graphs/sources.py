"""The numbering every part of a turn shares: what `[1]` and `[F1]` stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from retrievers.records import Evidence, FeatureValue, ItemFacts, UnifiedContext
from tools.records import Action, Outcome


@dataclass(frozen=True, slots=True)
class Sources:
    """Markers without brackets, each kind in its order.

    `"1"` stands for evidence, `"F1"` for a readable feature of the shopper's, `"A1"` for something a tool did.
    """

    evidence: Mapping[str, Evidence]
    features: Mapping[str, FeatureValue]
    items: Mapping[str, ItemFacts]  # live facts by product_id; they win over documents
    currency: str
    actions: Mapping[str, Action] = field(default_factory=dict)
    parsed: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What verification has read of these sources, so that a turn reads each of them once."""

    @classmethod
    def of(cls, context: UnifiedContext) -> Sources:
        """What is nearest to a request nothing keeps comes first, being what the answer tells of."""
        shown = (*(miss.evidence for miss in context.nearest), *context.evidence)
        readable = [value for value in context.features.values() if value.readable]
        return cls(
            evidence={str(number): evidence for number, evidence in enumerate(shown, 1)},
            features={f"F{number}": value for number, value in enumerate(readable, 1)},
            items=context.items,
            currency=context.currency,
        )

    def and_done(self, outcomes: Sequence[Outcome]) -> Sources:
        """With what tools did and found; what was numbered before keeps its number."""
        known = {evidence.id for evidence in self.evidence.values()}
        found = {item.id: item for outcome in outcomes for item in outcome.evidence if item.id not in known}
        passages = enumerate(found.values(), len(self.evidence) + 1)
        actions = enumerate((outcome.action for outcome in outcomes), len(self.actions) + 1)
        return replace(
            self,
            evidence={**self.evidence, **{str(number): item for number, item in passages}},
            actions={**self.actions, **{f"A{number}": action for number, action in actions}},
            items={**{key: facts for outcome in outcomes for key, facts in outcome.items.items()}, **self.items},
        )

    def has(self, marker: str) -> bool:
        return marker in self.evidence or marker in self.features or marker in self.actions

    def evidence_marker(self, evidence_id: str) -> str | None:
        return next((marker for marker, evidence in self.evidence.items() if evidence.id == evidence_id), None)

    def feature_marker(self, name: str) -> str | None:
        return next((marker for marker, value in self.features.items() if value.name == name), None)
