"""Masks personal data, screens the request and understands it: a question, something to do, or a word on a proposal."""

from __future__ import annotations

from dataclasses import replace

from langgraph.runtime import Runtime

from graphs.answer import Guard
from graphs.changing import set_aside
from graphs.conversation.memory import Memory
from graphs.conversation.rewrite import checked, is_follow_up
from graphs.conversation.understand import understand
from graphs.conversation.understood import Understood
from graphs.guardrails.input import screen_input
from graphs.state import Context, State, Update
from graphs.turn import Turn
from retrievers.records import Reading


async def receive(state: State, runtime: Runtime[Context]) -> Update:
    """A refused request gets its answer here and goes straight to the guardrail."""
    context, parts = runtime.context, runtime.context.parts
    if context.turn.decision:
        return decided(context)
    screen = screen_input(context.turn.message, parts.policy)
    fresh: Update = {
        "said": screen.text,
        "question": screen.text,
        "guard": Guard(action=screen.action, reasons=screen.reasons),
        "degraded": screen.degraded,
        **_NOTHING_YET,
    }
    if screen.action == "refuse":
        return {**fresh, "answer": context.phrases.guard(screen.reasons[0])}
    memory = Memory.model_validate(state.get("memory") or {})
    understood = _changed(await _understood(screen.text, memory, context), context.turn)
    if understood.reading or understood.unclear:
        context.shopper.start()
    return {**fresh, **_as_state(understood)}


async def _understood(message: str, memory: Memory, context: Context) -> Understood:
    """As read without a model; one may word a follow-up better, if that loses nothing."""
    reader, lang = context.parts.reader, context.turn.lang
    vocabulary, titles = await reader.vocabulary(), await reader.titles(message)
    understood = understand(message, memory, vocabulary, lang, titles)
    rewriter = context.parts.rewriter
    if rewriter is None or not is_follow_up(message, understood):
        return understood
    rewritten = await rewriter.rewrite(message, memory, lang)
    return checked(understood, rewritten, vocabulary) if rewritten else understood


def _changed(understood: Understood, turn: Turn) -> Understood:
    reading = understood.reading
    return replace(understood, reading=set_aside(reading, turn.changes)) if reading else understood


def decided(context: Context) -> Update:
    """What a turn starts from that brings the shopper's word and no message."""
    decision = context.turn.decision
    assert decision is not None
    said = context.phrases.text("actions", "accepted" if decision.accept else "declined")
    understood = Understood(said, decision=decision)
    return {"said": said, "guard": Guard(), **_NOTHING_YET, **_as_state(understood)}


_NOTHING_YET: Update = {"attempts": 0, "claims": (), "citations": (), "outcomes": ()}


def _as_state(understood: Understood) -> Update:
    """What is unclear is answered with the products to choose from, if there are any."""
    unclear, call = understood.unclear, understood.call
    choices = tuple(unclear.params.get("choices", ())) if unclear else ()
    return {
        "question": understood.question,
        "reading": understood.reading or Reading(understood.question, "action", "", only=choices),
        "calls": (call, *understood.then) if call else (),
        "decision": understood.decision,
        "unclear": unclear,
    }
