"""What was done for the shopper, as every surface tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from retrievers.records import Evidence, ItemFacts

ActionStatus = Literal["proposed", "confirmed", "done", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Action:
    """One use of a tool.

    `receipt` is plain JSON: of something done, what the store now holds; of something proposed, what will happen; of
    something refused or failed, `{"reason": code, ...}` with what the reason names. Amounts are in units of `currency`.
    """

    tool: str
    arguments: Mapping[str, Any]
    status: ActionStatus
    receipt: Mapping[str, Any] | None = None
    action_id: str | None = None  # of what the shopper must confirm: the key that makes it happen once


def leaves(receipt: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every fact of a receipt with its path in words: `("lines price", 24.0)`; what is None is left out."""
    for name, value in receipt.items():
        where = f"{path} {name}".strip()
        for part in value if isinstance(value, list | tuple) else [value]:
            if isinstance(part, Mapping):
                yield from leaves(part, where)
            elif part is not None:
                yield where, part


@dataclass(frozen=True, slots=True)
class Outcome:
    """An action and the passages it found, which are cited like any other evidence."""

    action: Action
    evidence: tuple[Evidence, ...] = ()
    items: Mapping[str, ItemFacts] = field(default_factory=dict)  # live facts of the products among the evidence
    products: tuple[str, ...] = field(default=())  # ids of the products it was about, in the order told


@dataclass(frozen=True, slots=True)
class Session:
    """In whose name a tool works. `turn_id` makes a repeated call within one turn the same call."""

    user_id: str
    thread_id: str
    turn_id: str
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool by its name and what it is given, whoever asked for it: the composer's routing or a model."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The shopper's word on something proposed."""

    action_id: str
    accept: bool
