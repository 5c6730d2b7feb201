"""One reply from a model, as text and calls of tools, or one typed error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable

from graphs.models.failures import ModelFailed, classify, failure

ChatModel = Runnable[Any, Any]  # a chat model, with tools bound to it or not


@dataclass(slots=True)
class Reply:
    """What a stream came to; `message` is None until its first chunk."""

    message: AIMessageChunk | None = None

    @property
    def calls(self) -> list[dict[str, Any]]:
        """`{name, args, id}` of each tool called; arguments that are no JSON are left out with their call."""
        return [dict(call) for call in self.message.tool_calls] if self.message else []


async def stream_answer(
    model: ChatModel, messages: Sequence[BaseMessage], *, deadline_s: float | None = None, reply: Reply | None = None
) -> AsyncIterator[str]:
    """Yields text as it comes and gathers the whole in `reply`. Raises ModelFailed, possibly after some text.

    A stream that ends without a finish reason was cut: that is a failure, not an answer. `deadline_s` bounds the whole
    answer, waits for retries included.
    """
    reply = reply or Reply()
    finish: str | None = None
    empty = True
    async for chunk in _chunks(model, messages, deadline_s):
        finish = chunk.response_metadata.get("finish_reason") or finish
        reply.message = chunk if reply.message is None else reply.message + chunk
        empty = empty and not chunk.tool_call_chunks
        if text := str(chunk.text):
            empty = False
            yield text
    if finish is None:
        raise failure("error", "the model's stream was cut before the answer was complete")
    if finish == "content_filter":
        raise failure("error", "the model's provider withheld the answer")
    if empty:
        raise failure("empty", "the model gave an empty answer")


async def _chunks(
    model: ChatModel, messages: Sequence[BaseMessage], deadline_s: float | None
) -> AsyncIterator[AIMessageChunk]:
    deadline = None if deadline_s is None else asyncio.get_running_loop().time() + deadline_s
    stream = cast(AsyncGenerator[AIMessageChunk, None], model.astream(list(messages)))
    async with aclosing(stream):
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    chunk = await anext(stream)
            except StopAsyncIteration:
                return
            except Exception as error:
                raise ModelFailed(classify(error)) from error
            yield chunk
