"""The retrieval branch: what the store knows, filtered by the shopper's limits as soon as they are known."""

from __future__ import annotations

from langgraph.runtime import Runtime

from graphs.conversation.counting import shown
from graphs.state import Context, State, Update


async def retrieve(state: State, runtime: Runtime[Context]) -> Update:
    context = runtime.context
    reading = state["reading"]
    found = await context.parts.reader.retrieve(reading, context.shopper, shown(reading, context.parts.top_k))
    return {"retrieval": found}
