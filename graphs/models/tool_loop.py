"""A model's answer with tools at hand: bounded rounds of calls, then words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, ToolMessage

from graphs.models.streaming import ChatModel, Reply, stream_answer
from tools.records import Outcome, Session, ToolCall
from tools.toolbox import Toolbox

_AT_ONCE = 5  # calls of one round; more are told to wait their turn

Learn = Callable[[Sequence[Outcome]], list[str]]  # takes what tools did and says it as the model shall read it


class ToolLoop:
    """Streams text while a model calls tools in between. Calls of one round run side by side.

    In the last round no tool is offered, so that every loop ends in words.
    """

    def __init__(self, model: BaseChatModel, toolbox: Toolbox, session: Session, learn: Learn, rounds: int) -> None:
        self._model, self._toolbox, self._session = model, toolbox, session
        self._learn, self._rounds = learn, rounds

    async def answer(self, messages: Sequence[BaseMessage], deadline_s: float) -> AsyncIterator[str]:
        """Raises ModelFailed, possibly after some text and some calls. `deadline_s` bounds the whole."""
        said = list(messages)
        ends = asyncio.get_running_loop().time() + deadline_s
        for number in range(self._rounds + 1):
            reply = Reply()
            left = max(0.0, ends - asyncio.get_running_loop().time())
            async for text in stream_answer(self._offered(number), said, deadline_s=left, reply=reply):
                yield text
            if not reply.calls or reply.message is None:
                return
            said += [reply.message, *await self._carried_out(reply)]

    def _offered(self, number: int) -> ChatModel:
        if number == self._rounds or not self._toolbox.tools:
            return self._model
        return self._model.bind_tools(self._toolbox.as_langchain(self._session))

    async def _carried_out(self, reply: Reply) -> list[ToolMessage]:
        calls, later = reply.calls[:_AT_ONCE], reply.calls[_AT_ONCE:]
        work = (self._toolbox.call(ToolCall(call["name"], call["args"]), self._session) for call in calls)
        told = self._learn(await asyncio.gather(*work))
        answers = [ToolMessage(text, tool_call_id=str(call["id"])) for call, text in zip(calls, told, strict=True)]
        return answers + [ToolMessage("not done: too many calls at once", tool_call_id=str(c["id"])) for c in later]
