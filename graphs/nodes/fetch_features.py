"""The features branch: facts about the shopper, or defaults marked as such."""

from __future__ import annotations

from langgraph.runtime import Runtime

from graphs.state import Context, State, Update


async def fetch_features(state: State, runtime: Runtime[Context]) -> Update:
    context = runtime.context
    return {"facts": await context.parts.reader.fetch(context.turn.user_id, context.shopper)}
