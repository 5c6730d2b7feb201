"""One turn as the outside asks for it, and whether turns can be answered at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.records import ActionStatus, Decision

Lang = Literal["en", "ko"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A message, or the shopper's word on something proposed; a turn with a decision needs no message."""

    message: str
    user_id: str
    lang: Lang = "en"
    thread_id: str | None = None
    decision: Decision | None = None


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
