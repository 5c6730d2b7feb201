"""Writes the answer and releases each sentence only after its checks: verified before shown."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langgraph.config import get_stream_writer
from langgraph.runtime import Runtime

from graphs.guardrails.input import WARY
from graphs.models.failures import ModelFailed
from graphs.models.streaming import stream_answer
from graphs.prompts.prompt import build_prompt as render
from graphs.release import Gate
from graphs.state import Context, Draft, State, Update


async def generate(state: State, runtime: Runtime[Context]) -> Update:
    """With the model down and nothing shown yet, the composer answers from the same evidence.

    It also answers requests that look odd: it has no ear for orders.
    """
    started = time.perf_counter()
    parts, update = runtime.context.parts, Update(attempts=state["attempts"] + 1)
    gate = _gate(state, runtime)
    name = parts.model_name
    model = None if WARY.intersection(state["guard"].reasons) else parts.model
    if model is not None:
        try:
            await _write(gate, stream_answer(model, _messages(state, runtime), deadline_s=parts.model_deadline_s))
        except ModelFailed as failure:
            update["degraded"] = (failure.degradation,)
            gate.abandon()
    if model is None or ("degraded" in update and not gate.released):
        name = "composer"
        await _write(gate, _compose(state, runtime))
    update["draft"] = Draft(gate.released, tuple(gate.rejected), name, tuple(gate.withheld), tuple(gate.judged))
    update["timings_ms"] = {"generate": round((time.perf_counter() - started) * 1000, 3)}
    return update


def _gate(state: State, runtime: Runtime[Context]) -> Gate:
    write = get_stream_writer()
    return Gate(
        state["sources"],
        runtime.context.turn.lang,
        runtime.context.parts.policy,
        state["prompt"].system,
        lambda index, text: write(("sentence", {"index": index, "text": text})),
        runtime.context.parts.judge,
    )


async def _write(gate: Gate, chunks: AsyncIterator[str]) -> None:
    async for chunk in chunks:
        await gate.feed(chunk)
    await gate.finish()


async def _compose(state: State, runtime: Runtime[Context]) -> AsyncIterator[str]:
    context = runtime.context
    composer: BaseChatModel = context.parts.composer.for_turn(state["known"], state["sources"], context.phrases)
    async for chunk in composer.astream(state["prompt"].messages):
        yield str(chunk.text)


def _messages(state: State, runtime: Runtime[Context]) -> list[BaseMessage]:
    """A second attempt is told which sentences of the first did not hold."""
    if "draft" not in state or not state["draft"].rejected:
        return state["prompt"].messages
    context = runtime.context
    failures = [rejected.claim for rejected in state["draft"].rejected]
    return render(state["known"], state["sources"], context.turn.lang, context.parts.descriptions, failures).messages
