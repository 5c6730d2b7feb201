"""The input rail: what a shopper wrote, made safe to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphs.guardrails.normal import normalise
from graphs.guardrails.personal import mask_personal
from graphs.guardrails.policy import Policy


@dataclass(frozen=True, slots=True)
class InputScreen:
    """`text` is normalised and masked, also when refused, so that it may be logged; `masked` lists kinds of data."""

    text: str
    action: Literal["allow", "refuse"]
    reasons: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()


def screen_input(text: str, policy: Policy) -> InputScreen:
    """Reasons, the gravest first: distress, danger, injection, too_long, empty."""
    clean, masked = mask_personal(normalise(text).strip(), policy)
    reasons = tuple(_reasons(clean, policy))
    return InputScreen(clean[: policy.max_input], "refuse" if reasons else "allow", reasons, masked)


def _reasons(text: str, policy: Policy) -> list[str]:
    if not text:
        return ["empty"]
    named = (("distress", policy.distress), ("danger", policy.danger), ("injection", policy.injection))
    reasons = [reason for reason, pattern in named if pattern.search(text)]
    return [*reasons, "too_long"] if len(text) > policy.max_input else reasons
