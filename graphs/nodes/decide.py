"""Carries out the shopper's word on what was proposed, exactly once however often it is given."""

from __future__ import annotations

import time

from langgraph.runtime import Runtime

from graphs.state import Context, State, Update


async def decide(state: State, runtime: Runtime[Context]) -> Update:
    started = time.perf_counter()
    decision = state["decision"]
    assert decision is not None
    outcome = await runtime.context.parts.toolbox.decide(decision.action_id, decision.accept, runtime.context.session)
    took = round((time.perf_counter() - started) * 1000, 3)
    return {"outcomes": (outcome,), "timings_ms": {"decide": took}}
