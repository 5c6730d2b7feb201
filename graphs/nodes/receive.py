"""Resets the turn, masks personal data, screens the request and reads it."""

from __future__ import annotations

from langgraph.runtime import Runtime
from langgraph.types import Overwrite

from graphs.answer import Guard
from graphs.guardrails.input import screen_input
from graphs.state import Context, State, Update


async def receive(state: State, runtime: Runtime[Context]) -> Update:
    """A refused request gets its answer here and goes straight to the guardrail."""
    parts, phrases = runtime.context.parts, runtime.context.phrases
    screen = screen_input(runtime.context.turn.message, parts.policy)
    fresh: Update = {
        "question": screen.text,
        "guard": Guard(action=screen.action, reasons=screen.reasons),
        "attempts": 0,
        "degraded": Overwrite(screen.degraded),
        "timings_ms": Overwrite({}),
        "claims": (),
        "citations": (),
    }
    if screen.action == "refuse":
        return {**fresh, "answer": phrases.guard(screen.reasons[0])}
    runtime.context.shopper.start()
    return {**fresh, "reading": await parts.reader.read(screen.text)}
