"""One task as a conversation between a customer and the whole assistant."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from app.evaluation.tau_retail.simulator import Simulator
from app.evaluation.tau_retail.states import State
from graphs.answer import FinalAnswer
from graphs.models.composer.actions import told_actions
from graphs.models.composer.turn import ComposerTurn
from graphs.models.failures import ModelFailed
from graphs.prompts.phrases import Phrases
from graphs.runner import Assistant
from graphs.sources import Sources
from graphs.turn import Turn
from graphs.verification.markers import without_markers
from retrievers.records import Degradation, FilterPlan, UnifiedContext
from tools.records import Action, Outcome

Kind = Literal["agent", "output", "simulator", "infrastructure"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Whose fault it was: of what the assistant did or said, of the customer who never left, or of nobody in it."""

    kind: Kind
    detail: str


@dataclass(slots=True)
class Conversation:
    """`said` is what the assistant said, in which runs, and how long each took; `broken` is why it came to no end."""

    said: list[str] = field(default_factory=list)
    state: State = field(default_factory=dict)
    broken: Failure | None = None
    run_ids: list[str] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)


async def converse(assistant: Assistant, simulator: Simulator, user_id: str, turns: int) -> Conversation:
    """At most so many messages of the customer are answered; the next one has to be the stop mark."""
    talk = Conversation()
    try:
        message = await simulator.opening()
        while message is not None:
            if len(talk.said) == turns:
                talk.broken = Failure("simulator", f"no stop after {turns} turns")
                return talk
            started = time.perf_counter()
            final = await assistant.ask(Turn(message, user_id, thread_id="task"))
            talk.took_ms.append((time.perf_counter() - started) * 1000)
            talk.run_ids.append(final.trace_id)
            if down := _down(final):
                talk.broken = Failure("infrastructure", f"the assistant's model: {down.detail}")
                return talk
            talk.said.append(without_markers(final.answer))
            message = await simulator.answer("\n".join([talk.said[-1], *_waiting(final)]))
    except ModelFailed as failed:
        talk.broken = _unheard(failed.degradation)
    return talk


def _down(final: FinalAnswer) -> Degradation | None:
    """An empty answer is the model's own; whatever else kept it from answering is not."""
    return next((each for each in final.degraded if each.part == "model" and each.kind != "empty"), None)


def _unheard(degradation: Degradation) -> Failure:
    kind: Kind = "simulator" if degradation.kind == "empty" else "infrastructure"
    return Failure(kind, f"the customer's model: {degradation.detail}")


def _waiting(final: FinalAnswer) -> Iterator[str]:
    """What waits for the customer's yes, which every surface shows beside the answer, where that does not tell it."""
    proposed = [Outcome(Action(**action.model_dump())) for action in final.actions if action.status == "proposed"]
    known = UnifiedContext("", {}, (), FilterPlan(), {})
    turn = ComposerTurn(known, Sources.of(known).and_done(proposed), Phrases.load("en"))
    for sentence in map(without_markers, told_actions(turn) if proposed else ()):
        if sentence not in without_markers(final.answer):
            yield sentence
