"""One turn as the outside asks for it, and whether turns can be answered at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.records import ActionStatus, Decision

Lang = Literal["en", "ko"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a turn is to take as different from what is stored; nothing of it is written anywhere.

    `without` names features (`user_profile:budget_limit`), which are then unknown, and stated limits by their field
    (`price`) or field and operator (`price lte`), which are then set aside. `values` are known instead of those stored.
    """

    without: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DealtArm:
    """Which arm of which experiment a turn was answered in."""

    experiment: str
    arm: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A message, or the shopper's word on something proposed; a turn with a decision needs no message.

    A turn run again brings the `memory` of its conversation as it was before it, and the id of the run it `replaces`.
    """

    message: str
    user_id: str
    lang: Lang = "en"
    thread_id: str | None = None
    decision: Decision | None = None
    changes: Changes = field(default_factory=Changes)
    memory: Mapping[str, Any] | None = None  # None: as the conversation left it
    replaces: str | None = None
    arm: DealtArm | None = None  # None: no experiment is running


Deal = Callable[[Turn], Turn]  # what an experiment makes of a turn, by its shopper


def as_asked(turn: Turn) -> Turn:
    return turn


class TurnStopped(Exception):
    """Somebody had the turn stopped; what was released stays."""


@dataclass(frozen=True, slots=True)
class Used:
    """What came of a tool used outside of a conversation, and how it is told to the shopper."""

    status: ActionStatus
    receipt: dict[str, Any]
    told: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """`reason` says in one line what to do when not ready."""

    ready: bool
    reason: str = ""
    generation: str | None = None
    documents: Mapping[str, int] = field(default_factory=dict)  # per document type
