"""What a tool is: a name, a description for a model, typed arguments, and what it may change."""

from __future__ import annotations

from typing import Literal, Protocol

from pydantic import BaseModel

from tools.records import Outcome, Session

Effect = Literal["read", "write", "confirm"]


class Tool(Protocol):
    """`effect`: a read changes nothing, a write is done at once and safe to repeat, a confirm is only proposed.

    A call never raises for what a shopper can cause: that is an action `refused` with its reason.
    """

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def arguments(self) -> type[BaseModel]: ...

    @property
    def effect(self) -> Effect: ...

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome: ...


class Confirmations(Protocol):
    """What was proposed and waits for the shopper's word."""

    async def decide(self, action_id: str, accept: bool, session: Session) -> Outcome:
        """Does it, exactly once however often it is asked, or lets it go; refuses unknown, foreign and expired ids."""

    async def waiting(self, session: Session) -> tuple[Outcome, ...]:
        """Everything proposed in this conversation that can still be confirmed, the oldest first."""
