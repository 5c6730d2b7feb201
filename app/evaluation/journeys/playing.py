"""One journey played once: its turns one after the other, each judged by what was seen then."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from app.evaluation.experiments.record import Label
from app.evaluation.journeys.checks import missed
from app.evaluation.journeys.expectation import Expectation
from app.evaluation.journeys.journey import NEW, Journey, Step
from app.evaluation.journeys.labelling import Labelling
from app.evaluation.journeys.seen import Miss, Seen, empty_answer
from app.evaluation.journeys.worlds import World, Worlds
from app.evaluation.rows import EvaluationError
from app.evaluation.watched import blamed, unanswered
from graphs.answer import FinalAnswer
from graphs.observing import TurnRecord
from graphs.turn import Turn
from tools.records import Decision

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """`turn` counts from 1."""

    journey: str
    group: str
    turn: int
    assertion: str
    expected: Any
    found: Any
    label: Label


@dataclass(frozen=True, slots=True)
class Played:
    """`control` are the misses of an assistant that does nothing: where there are none, nothing was asked for."""

    failures: tuple[Failure, ...]
    control: tuple[Failure, ...]
    records: tuple[TurnRecord, ...]


async def play(journey: Journey, worlds: Worlds) -> Played:
    """In a world of its own. Raises EvaluationError when what is given does not exist in the shop."""
    async with worlds.open(journey) as world:
        control = await _played(journey, _Idle(), world, worlds)
        talk = _Talk(journey, world, Labelling(world, worlds.base.index))
        failures = await _played(journey, talk, world, worlds)
        return Played((*failures, *_silences(journey, world)), control, world.watch.records)


class _Idle:
    """The control: hears every turn, says and does nothing."""

    async def turn(self, step: Step) -> FinalAnswer | Miss:
        return empty_answer(step.thread)

    async def label(self, miss: Miss, expected: Expectation | None, seen: Seen) -> Label:
        return "agent"


@dataclass
class _Talk:
    """A shopper's conversations, and what was proposed in them, in the order it was made."""

    journey: Journey
    world: World
    labelling: Labelling
    proposals: dict[str, str] = field(default_factory=dict)  # action id -> thread

    async def turn(self, step: Step) -> FinalAnswer | Miss:
        """The answer of the last repeat; a miss where nothing was proposed that could be decided."""
        if step.meanwhile:
            self.world.happen(step.meanwhile)
        decision = self._decision(step)
        if step.confirm and decision is None:
            return Miss("confirm", f"proposal {step.of or 'of this thread'}", list(self.proposals))
        speaker = _who(step, self.world)
        thread = f"{speaker}/{step.thread}"  # somebody else's conversations are their own, whatever they are called
        turn = Turn(step.say or "", speaker, step.lang or self.journey.lang, thread, decision)
        answers = await self._asked(turn, step)
        for answer in answers:
            self._heard(answer, step)
        return answers[-1]

    async def label(self, miss: Miss, expected: Expectation | None, seen: Seen) -> Label:
        return await self.labelling.label(miss, expected, seen)

    def _heard(self, answer: FinalAnswer, step: Step) -> None:
        self.labelling.heard(answer)
        for action in answer.actions:
            if action.status == "proposed" and action.action_id:
                self.proposals.setdefault(action.action_id, step.thread)

    async def _asked(self, turn: Turn, step: Step) -> list[FinalAnswer]:
        if step.at_once:
            return await asyncio.gather(*(self.world.assistant.ask(turn) for _ in range(step.repeat)))
        return [await self.world.assistant.ask(turn) for _ in range(step.repeat)]

    def _decision(self, step: Step) -> Decision | None:
        if step.confirm is None:
            return None
        made = list(self.proposals) if step.of else [i for i, thread in self.proposals.items() if thread == step.thread]
        place = step.of or len(made)
        return Decision(made[place - 1], step.confirm == "accept") if 0 < place <= len(made) else None


def _who(step: Step, world: World) -> str:
    return world.shopper if step.shopper in (None, NEW) else str(step.shopper)


async def _played(journey: Journey, talk: _Idle | _Talk, world: World, worlds: Worlds) -> tuple[Failure, ...]:
    """A turn that breaks is a failure like any other and ends the journey, for later turns build on it."""
    turns: list[FinalAnswer] = []
    failures: list[Failure] = []
    for number, step in enumerate(journey.turns, 1):
        try:
            missed_here = await _turn(step, talk, turns, world, worlds)
        except EvaluationError:
            raise
        except Exception as error:
            _log.exception("a turn broke")
            broken = Miss("turn", "an answer", f"{type(error).__name__}: {error}")
            return (*failures, _failure(journey, number, broken, "infrastructure"))
        failures += [_failure(journey, number, miss, label) for miss, label in missed_here]
    return tuple(failures)


def _silences(journey: Journey, world: World) -> list[Failure]:
    """What the composer answers in place of the model that is measured is no pass of that model."""
    silent = None if journey.breaks_the_model else unanswered(world.watch.records)
    if silent is None:
        return []
    miss = Miss("model", "an answer of the model that is measured", silent.detail)
    return [_failure(journey, len(journey.turns), miss, blamed(silent))]


async def _turn(
    step: Step, talk: _Idle | _Talk, turns: list[FinalAnswer], world: World, worlds: Worlds
) -> list[tuple[Miss, Label]]:
    """Adds its answer to `turns`."""
    answer = await talk.turn(step)
    found = [answer] if isinstance(answer, Miss) else []
    turns.append(empty_answer(step.thread) if isinstance(answer, Miss) else answer)
    if not (found or step.expect):
        return []
    seen = Seen(tuple(turns), await world.holdings(_who(step, world)), worlds.base.index)
    found += missed(step.expect, seen) if step.expect else []
    return [(miss, await talk.label(miss, step.expect, seen)) for miss in found]


def _failure(journey: Journey, turn: int, miss: Miss, label: Label) -> Failure:
    return Failure(journey.name, journey.group, turn, miss.assertion, miss.expected, miss.found, label)
