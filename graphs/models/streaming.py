"""One answer from a model, as text, or one typed error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from graphs.models.failures import ModelFailed, classify, failure


async def stream_answer(
    model: BaseChatModel, messages: Sequence[BaseMessage], *, deadline_s: float | None = None
) -> AsyncIterator[str]:
    """Yields text as it comes. Raises ModelFailed, possibly after some text.

    A stream that ends without a finish reason was cut: that is a failure, not an answer. `deadline_s` bounds the whole
    answer, waits for retries included.
    """
    finish: str | None = None
    empty = True
    async for chunk in _chunks(model, messages, deadline_s):
        finish = chunk.response_metadata.get("finish_reason") or finish
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
    model: BaseChatModel, messages: Sequence[BaseMessage], deadline_s: float | None
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
