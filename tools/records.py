"""What was done for the shopper, as every surface tells it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from retrievers.records import Evidence, ItemFacts

NOBODY = ("", "anonymous")  # ids that many share: nothing is kept in their name
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
    """In whose name a tool works. `turn_id` makes a repeated call within one turn the same call.

    `run_id` is the answer the call comes of: the turn it is made in, or the answer whose card was pressed.
    """

    user_id: str
    thread_id: str
    turn_id: str
    lang: str = "en"
    run_id: str | None = None
    runs: list[ToolRun] = field(default_factory=list, compare=False, repr=False)  # what was used, for whoever watches

    @contextmanager
    def noting(self, call: ToolCall) -> Iterator[ToolRun]:
        """Notes how long a call takes, also when it is stopped."""
        run, clock = ToolRun(call, time.time_ns()), time.perf_counter_ns()
        self.runs.append(run)
        try:
            yield run
        finally:
            run.took_ns = time.perf_counter_ns() - clock


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool by its name and what it is given, whoever asked for it: the composer's routing or a model."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ToolRun:
    """One call as it happened. `outcome` is None for one that was stopped, `attempts` is 0 for one that was refused."""

    call: ToolCall
    started_ns: int  # since 1970
    took_ns: int = 0
    attempts: int = 0
    outcome: Outcome | None = None

    @property
    def tool(self) -> str:
        """Of a decision, the tool whose proposal it was about."""
        return self.outcome.action.tool if self.outcome else self.call.tool


@dataclass(frozen=True, slots=True)
class Decision:
    """The shopper's word on something proposed."""

    action_id: str
    accept: bool
