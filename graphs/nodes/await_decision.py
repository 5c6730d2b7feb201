"""Pauses the conversation until the shopper has had a word on what was proposed."""

from __future__ import annotations

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from graphs.nodes.receive import decided
from graphs.state import Context, State, Update


async def await_decision(state: State, runtime: Runtime[Context]) -> Update:
    """Resumed by a turn that brings a decision; a message instead starts from the top and pauses here again."""
    interrupt({"waiting": state["memory"]["pending"]})
    return decided(runtime.context)
