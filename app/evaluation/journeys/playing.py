"""One journey played once: its turns one after the other, each judged by what was seen then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.evaluation.journeys.checks import missed
from app.evaluation.journeys.journey import NEW, Journey, Step
from app.evaluation.journeys.seen import Miss, Seen, empty_answer
from app.evaluation.journeys.worlds import World, Worlds
from graphs.answer import FinalAnswer
from graphs.turn import Turn
from tools.records import Decision


@dataclass(frozen=True, slots=True)
class Failure:
    """`turn` counts from 1."""

    journey: str
    group: str
    turn: int
    assertion: str
    expected: Any
    found: Any


@dataclass(frozen=True, slots=True)
class Played:
    """`control` are the misses of an assistant that does nothing: where there are none, nothing was asked for."""

    failures: tuple[Failure, ...]
    control: tuple[Failure, ...]


async def play(journey: Journey, worlds: Worlds) -> Played:
    """In a world of its own. Raises EvaluationError when what is given does not exist in the shop."""
    async with worlds.open(journey) as world:
        control = await _played(journey, _Idle(), world, worlds)
        return Played(await _played(journey, _Talk(journey, world), world, worlds), control)


class _Idle:
    """The control: hears every turn, says and does nothing."""

    async def turn(self, step: Step) -> FinalAnswer | Miss:
        return empty_answer(step.thread)


@dataclass
class _Talk:
    """A shopper's conversations, and what was proposed in them, in the order it was made."""

    journey: Journey
    world: World
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
            for action in answer.actions:
                if action.status == "proposed" and action.action_id:
                    self.proposals.setdefault(action.action_id, step.thread)
        return answers[-1]

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
    turns: list[FinalAnswer] = []
    failures: list[Failure] = []
    for number, step in enumerate(journey.turns, 1):
        answer = await talk.turn(step)
        found: Sequence[Miss] = [answer] if isinstance(answer, Miss) else []
        turns.append(empty_answer(step.thread) if isinstance(answer, Miss) else answer)
        if step.expect:
            holdings = await world.holdings(_who(step, world))
            found = [*found, *missed(step.expect, Seen(tuple(turns), holdings, worlds.base.index))]
        failures += _named(journey, number, found)
    return tuple(failures)


def _named(journey: Journey, turn: int, misses: Sequence[Miss]) -> Iterator[Failure]:
    for miss in misses:
        yield Failure(journey.name, journey.group, turn, miss.assertion, miss.expected, miss.found)
