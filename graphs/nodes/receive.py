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
    fresh: Update = {
        "attempts": 0,
        "degraded": Overwrite(()),
        "timings_ms": Overwrite({}),
        "claims": (),
        "citations": (),
    }
    screen = screen_input(runtime.context.turn.message, parts.policy)
    if screen.action == "refuse":
        answer = phrases.guard(screen.reasons[0])
        return {
            **fresh,
            "question": screen.text,
            "answer": answer,
            "guard": Guard(action="refuse", reasons=screen.reasons),
        }
    runtime.context.shopper.start()
    reading = await parts.reader.read(screen.text)
    return {**fresh, "question": screen.text, "reading": reading, "guard": Guard(reasons=screen.reasons)}
