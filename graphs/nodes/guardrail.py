"""The last look: nothing unsafe and nothing unseen leaves; an empty answer becomes the safe one."""

from __future__ import annotations

import time

from langgraph.config import get_stream_writer
from langgraph.runtime import Runtime

from graphs.answer import Guard
from graphs.guardrails.output import screen_output
from graphs.state import Context, State, Update


async def guardrail(state: State, runtime: Runtime[Context]) -> Update:
    started = time.perf_counter()
    phrases, write = runtime.context.phrases, get_stream_writer()
    if state["guard"].action == "refuse":
        write(("sentence", {"index": 0, "text": state["answer"]}))
        return {}
    if not state["answer"]:
        answer = phrases.guard("no_safe_answer")
        write(("sentence", {"index": 0, "text": answer}))
        return {"answer": answer, "guard": Guard(action="refuse", reasons=("no_safe_answer",))}
    screen = screen_output(state["answer"], state["sources"], runtime.context.parts.policy, state["prompt"].system)
    took = {"guardrail": round((time.perf_counter() - started) * 1000, 3)}
    if screen.action == "allow":
        return {"timings_ms": took}
    answer = phrases.guard("no_safe_answer")
    guard = Guard(action="refuse", reasons=screen.reasons)
    return {"answer": answer, "claims": (), "citations": (), "guard": guard, "timings_ms": took}
