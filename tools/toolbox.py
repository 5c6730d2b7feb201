"""The tools of one shop behind one door, for the composer's routing, for a model, and for other programs."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ValidationError

from tools.records import Action, ActionStatus, Outcome, Session, ToolCall, ToolRun
from tools.tool import Confirmations, Tool

_log = logging.getLogger(__name__)


class Toolbox:
    """`timeout_s` bounds one call. A read that fails is tried once more; a write is not, its receipt is asked for."""

    def __init__(
        self, tools: Iterable[Tool] = (), confirmations: Confirmations | None = None, timeout_s: float = 5.0
    ) -> None:
        self._tools: Mapping[str, Tool] = {tool.name: tool for tool in tools}
        self._confirmations = confirmations
        self._timeout = timeout_s

    @property
    def tools(self) -> tuple[Tool, ...]:
        return tuple(self._tools.values())

    async def call(self, call: ToolCall, session: Session) -> Outcome:
        """Never raises: what went wrong is an action `refused` (the shopper's to mend) or `failed` (ours)."""
        with session.noting(call) as run:
            outcome = run.outcome = await self._called(call, session, run)
        return outcome

    async def _called(self, call: ToolCall, session: Session, run: ToolRun) -> Outcome:
        tool = self._tools.get(call.tool)
        if tool is None:
            return _not_done(call, "refused", reason="unknown_tool")
        try:
            arguments = tool.arguments.model_validate(dict(call.arguments))
        except ValidationError as error:
            return _not_done(call, "refused", reason="invalid_arguments", fields=_fields(error))
        attempts = 2 if tool.effect == "read" else 1
        for run.attempts in range(1, attempts + 1):
            outcome = await self._try(tool, arguments, call, session)
            if outcome.action.status != "failed" or run.attempts == attempts:
                return outcome
        raise AssertionError("unreachable")

    async def decide(self, action_id: str, accept: bool, session: Session) -> Outcome:
        """Never raises; see `Confirmations.decide`."""
        call = ToolCall("decide", {"action_id": action_id, "accept": accept})
        with session.noting(call) as run:
            outcome = run.outcome = await self._decided(call, action_id, accept, session, run)
        return outcome

    async def _decided(self, call: ToolCall, action_id: str, accept: bool, session: Session, run: ToolRun) -> Outcome:
        if self._confirmations is None:
            return _not_done(call, "refused", reason="unknown_action")
        try:
            run.attempts = 1
            return await self._confirmations.decide(action_id, accept, session)
        except Exception as error:
            _log.exception("a decision failed")
            return _not_done(call, "failed", reason="error", detail=type(error).__name__)

    async def waiting(self, session: Session) -> tuple[Outcome, ...]:
        """What can still be confirmed in this conversation; nothing while the store cannot be read."""
        if self._confirmations is None:
            return ()
        try:
            return await self._confirmations.waiting(session)
        except Exception:
            _log.exception("what waits for confirmation cannot be read")
            return ()

    def as_langchain(self, session: Session) -> list[BaseTool]:
        """For a model or an agent; the artifact of each call is its Outcome."""
        return [self._as_langchain(tool, session) for tool in self._tools.values()]

    def _as_langchain(self, tool: Tool, session: Session) -> BaseTool:
        async def run(**arguments: Any) -> tuple[str, Outcome]:
            outcome = await self.call(ToolCall(tool.name, arguments), session)
            return told(outcome), outcome

        return StructuredTool(
            name=tool.name,
            description=tool.description,
            args_schema=tool.arguments,
            coroutine=run,
            response_format="content_and_artifact",
        )

    async def _try(self, tool: Tool, arguments: BaseModel, call: ToolCall, session: Session) -> Outcome:
        try:
            async with asyncio.timeout(self._timeout):
                return await tool(arguments, session)
        except TimeoutError:
            return _not_done(call, "failed", reason="slow")
        except Exception as error:
            _log.exception("tool %s failed", tool.name)
            return _not_done(call, "failed", reason="error", detail=type(error).__name__)


def told(outcome: Outcome) -> str:
    """An outcome as JSON for a model; passages are numbered by whoever shows them."""
    action = outcome.action
    # Apart from each other: an order in the receipt has a status of its own.
    told = {"status": action.status, "receipt": dict(action.receipt or {})}
    return json.dumps(told, ensure_ascii=False, default=str)


def _not_done(call: ToolCall, status: ActionStatus, **receipt: Any) -> Outcome:
    return Outcome(Action(call.tool, dict(call.arguments), status, receipt))


def _fields(error: ValidationError) -> list[str]:
    """Names of what is missing or malformed, each once."""
    return list(dict.fromkeys(".".join(map(str, each["loc"])) or "arguments" for each in error.errors()))
