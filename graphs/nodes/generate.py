"""Writes the answer and releases each sentence only after its checks: verified before shown."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langgraph.config import get_stream_writer
from langgraph.runtime import Runtime

from graphs.guardrails.evidence import clean_outcomes
from graphs.guardrails.input import WARY
from graphs.models.failures import ModelFailed
from graphs.models.tool_loop import ToolLoop
from graphs.nodes.build_prompt import with_found
from graphs.prompts.passages import tool_results
from graphs.prompts.prompt import build_prompt as render
from graphs.release import Gate
from graphs.sources import Sources
from graphs.state import Context, Draft, State, Update
from tools.records import Outcome


async def generate(state: State, runtime: Runtime[Context]) -> Update:
    """With the model down and nothing shown yet, the composer answers from the same evidence.

    It also answers requests that look odd, having no ear for orders, and tells of what was done without a model.
    """
    started = time.perf_counter()
    parts, update = runtime.context.parts, Update(attempts=state["attempts"] + 1)
    turn = _Writing(state, runtime.context)
    name = parts.model_name
    model = None if WARY.intersection(state["guard"].reasons) or _is_told(state) else parts.model
    if model is not None:
        try:
            await turn.write(turn.asked(model))
        except ModelFailed as failure:
            update["degraded"] = (failure.degradation,)
            turn.gate.abandon()
    if model is None or ("degraded" in update and not turn.gate.released):
        name = "composer"
        await turn.write(turn.composed())
    gate = turn.gate
    update["draft"] = Draft(gate.released, tuple(gate.rejected), name, tuple(gate.withheld), tuple(gate.judged))
    update["timings_ms"] = {"generate": round((time.perf_counter() - started) * 1000, 3)}
    return {**update, **turn.learnt()}


def _is_told(state: State) -> bool:
    """What was read as something to do is told in the store's own words; what is unclear a model may understand."""
    return state["reading"].intent == "action" and state["unclear"] is None


class _Writing:
    """One attempt: its gate, and what tools found on the way."""

    def __init__(self, state: State, context: Context) -> None:
        self._state, self._context = state, context
        self.sources: Sources = state["sources"]
        self.outcomes: tuple[Outcome, ...] = state["outcomes"]
        write = get_stream_writer()
        self.gate = Gate(
            self.sources,
            context.turn.lang,
            context.parts.policy,
            state["prompt"].system,
            lambda index, text: write(("sentence", {"index": index, "text": text})),
            context.parts.judge,
        )

    async def write(self, chunks: AsyncIterator[str]) -> None:
        async for chunk in chunks:
            await self.gate.feed(chunk)
        await self.gate.finish()

    def asked(self, model: BaseChatModel) -> AsyncIterator[str]:
        parts = self._context.parts
        loop = ToolLoop(model, parts.toolbox, self._context.session, self._learn, parts.tool_rounds)
        return loop.answer(self._messages(), parts.model_deadline_s)

    async def composed(self) -> AsyncIterator[str]:
        known = with_found(self._state["known"], self.sources)
        bound: BaseChatModel = self._context.parts.composer.for_turn(
            known, self.sources, self._context.phrases, self._state["unclear"]
        )
        async for chunk in bound.astream(self._state["prompt"].messages):
            yield str(chunk.text)

    def learnt(self) -> Update:
        known = with_found(self._state["known"], self.sources)
        return {"sources": self.sources, "outcomes": self.outcomes, "known": known}

    def _learn(self, outcomes: Sequence[Outcome]) -> list[str]:
        """What tools did becomes a source like any other, and is shown to the model behind a fence."""
        before, outcomes = self.sources, clean_outcomes(outcomes)
        self.sources = before.and_done(outcomes)
        self.outcomes += tuple(outcomes)
        self.gate.learn(self.sources)
        return tool_results(before, self.sources, outcomes, self._context.turn.lang)

    def _messages(self) -> list[BaseMessage]:
        """A second attempt is told which sentences of the first did not hold."""
        state, context = self._state, self._context
        if "draft" not in state or not state["draft"].rejected:
            return state["prompt"].messages
        failures = [rejected.claim for rejected in state["draft"].rejected]
        lang, descriptions = context.turn.lang, context.parts.descriptions
        before = state["prompt"].conversation
        return render(state["known"], self.sources, lang, descriptions, failures, before).messages
