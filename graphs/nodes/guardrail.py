"""The last look: nothing unsafe and nothing unseen leaves; an empty answer becomes the safe one."""

from __future__ import annotations

import time

from langgraph.config import get_stream_writer
from langgraph.runtime import Runtime

from graphs.answer import Guard
from graphs.guardrails.output import screen_output
from graphs.state import Context, State, Update


async def guardrail(state: State, runtime: Runtime[Context]) -> Update:
    """What the rail kept back on the way is told in the guard; what only the whole gives away refuses the whole."""
    started = time.perf_counter()
    write = get_stream_writer()
    if state["guard"].action == "refuse":
        write(("sentence", {"index": 0, "text": state["answer"]}))
        return {}
    if not state["answer"]:
        refusal = _refusal(state["draft"].withheld or ("no_safe_answer",), runtime.context)
        write(("sentence", {"index": 0, "text": refusal["answer"]}))
        return refusal
    screen = screen_output(state["answer"], state["sources"], runtime.context.parts.policy, state["prompt"].system)
    took = {"timings_ms": {"guardrail": round((time.perf_counter() - started) * 1000, 3)}}
    if screen.action != "allow":
        return {**_refusal(screen.reasons, runtime.context), **took}
    if state["draft"].withheld:
        return {"guard": Guard(action="redact", reasons=state["draft"].withheld), **took}
    return took


def _refusal(reasons: tuple[str, ...], context: Context) -> Update:
    """Says what was refused, and what can be done instead."""
    answer = context.phrases.guard(reasons[0])
    return {"answer": answer, "claims": (), "citations": (), "guard": Guard(action="refuse", reasons=reasons)}
