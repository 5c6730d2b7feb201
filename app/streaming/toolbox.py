"""A toolbox that says when something was done in the shop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from tools.records import Outcome, Session, ToolCall
from tools.tool import Confirmations, Tool
from tools.toolbox import Toolbox

AfterDeed = Callable[[str], Awaitable[None]]  # given the shopper's id; never raises


class FollowedToolbox(Toolbox):
    def __init__(self, tools: Iterable[Tool], confirmations: Confirmations, after_deed: AfterDeed) -> None:
        super().__init__(tools, confirmations)
        self._after_deed = after_deed

    async def call(self, call: ToolCall, session: Session) -> Outcome:
        outcome = await super().call(call, session)
        writes = any(tool.effect == "write" for tool in self.tools if tool.name == call.tool)
        return await self._followed(outcome, session) if writes else outcome

    async def decide(self, action_id: str, accept: bool, session: Session) -> Outcome:
        return await self._followed(await super().decide(action_id, accept, session), session)

    async def _followed(self, outcome: Outcome, session: Session) -> Outcome:
        """The log of deeds tells what it was; a write that was too slow to be told may have been done all the same."""
        if outcome.action.status in ("done", "failed"):
            await self._after_deed(session.user_id)
        return outcome
