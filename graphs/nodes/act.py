"""Does, looks up or proposes what the shopper asked for; nothing is generated here."""

from __future__ import annotations

import time

from langgraph.runtime import Runtime

from graphs.state import Context, State, Update
from tools.records import Outcome
from tools.resolving import Resolver


async def act(state: State, runtime: Runtime[Context]) -> Update:
    """One call after another until one is not done; what must be confirmed is only proposed."""
    started = time.perf_counter()
    context, outcomes = runtime.context, list[Outcome]()
    resolver = Resolver(context.parts.toolbox)
    for call in state["calls"]:
        outcomes.append(await resolver.call(call, context.session))
        if outcomes[-1].action.status != "done":
            break
    took = round((time.perf_counter() - started) * 1000, 3)
    return {"outcomes": tuple(outcomes), "timings_ms": {"act": took}}
