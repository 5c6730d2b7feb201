"""Runs turns through the graph: as events while it happens, or as the one final answer."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

from graphs.answer import FinalAnswer
from graphs.assistant import build_assistant
from graphs.finish import final_answer
from graphs.prompts.phrases import Phrases
from graphs.state import Context, Parts, State
from graphs.turn import Readiness, Turn
from retrievers.records import UnifiedContext

Event = tuple[str, dict[str, Any]]

_PARTS_MISSED = {"model": "model_down", "rail": "rail_down"}  # parts whose failure the answer does not tell by itself


class Assistant:
    """Built once with its parts; turns may run concurrently. Closing the iterator of `stream` stops a turn."""

    def __init__(self, parts: Parts, readiness: Callable[[], Readiness]) -> None:
        self._parts = parts
        self._readiness = readiness
        self._graph = build_assistant()

    async def ask(self, turn: Turn) -> FinalAnswer:
        """One whole turn."""
        async for name, payload in self._run(turn):
            if name == "answer":
                return cast(FinalAnswer, payload["final"])
        raise RuntimeError("the graph ended without an answer")

    async def stream(self, turn: Turn) -> AsyncIterator[Event]:
        """`run, features, products, sentence, citations, degraded, final`; a sentence is sent only once it was checked.

        `citations` also says how many sentences were `rejected` and never shown.
        """
        async for name, payload in self._run(turn):
            if name != "answer":
                yield name, payload
                continue
            final: FinalAnswer = payload["final"]
            cited = [item.model_dump(mode="json") for item in final.citations]
            yield "citations", {"citations": cited, "rejected": payload["rejected"]}
            if final.degraded or payload["notices"]:
                dumped = final.model_dump(mode="json", include={"degraded"})
                yield "degraded", {**dumped, "notices": payload["notices"]}
            yield "final", final.model_dump(mode="json")

    async def context(self, user_id: str, question: str, top_k: int) -> UnifiedContext:
        """Everything known for this shopper and question, without an answer."""
        return await self._parts.reader.everything_known(user_id, question, top_k)

    def readiness(self) -> Readiness:
        return self._readiness()

    async def _run(self, turn: Turn) -> AsyncIterator[Event]:
        run_id, thread_id = uuid.uuid4().hex, turn.thread_id or uuid.uuid4().hex
        phrases = Phrases.load(turn.lang)
        context = Context(turn, self._parts, self._parts.reader.shopper(turn.user_id), phrases)
        yield (
            "run",
            {
                "run_id": run_id,
                "thread_id": thread_id,
                "user_id": turn.user_id,
                "model": self._parts.model_name,
            },
        )
        state = State()
        async for mode, payload in self._graph.astream(State(), context=context, stream_mode=["custom", "values"]):
            if mode == "custom":
                yield cast(Event, payload)
            else:
                state = cast(State, payload)
        final = final_answer(state, phrases, run_id, thread_id)
        rejected = len(state["draft"].rejected) if "draft" in state else 0
        yield "answer", {"final": final, "notices": _unsaid_notices(state, final, phrases), "rejected": rejected}


def _unsaid_notices(state: State, final: FinalAnswer, phrases: Phrases) -> list[str]:
    """What the shopper should know and the answer does not already say."""
    known = state.get("known")
    keys = list(known.notices) if known else []
    keys += [key for part, key in _PARTS_MISSED.items() if any(item.part == part for item in final.degraded)]
    left_out = [phrases.guard(reason) for reason in final.guard.reasons] if final.guard.action == "redact" else []
    return [text for text in (*map(phrases.notice, keys), *left_out) if text not in final.answer]
