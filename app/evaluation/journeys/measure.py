"""How many journeys end well, once and every time, and whether an idle assistant would have passed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.evaluation.experiments.estimator import Runs, pass_hat
from app.evaluation.experiments.record import Case, Experiment, Fault
from app.evaluation.experiments.summary import summarised
from app.evaluation.journeys.journey import Journey
from app.evaluation.journeys.playing import Failure, Played, play
from app.evaluation.journeys.vocabulary import require_known_names
from app.evaluation.journeys.worlds import Worlds
from app.evaluation.rows import EvaluationError
from app.evaluation.watched import trial_of
from graphs.models.prices import Prices
from graphs.observing import TurnRecord

Progress = Callable[[int, int, Journey, bool], None]  # done, of how many, which, and whether it passed

_DETAIL = 300  # characters of what was expected and found


@dataclass(frozen=True, slots=True)
class Report:
    """`runs` are each journey's, in the order played, beginning at `started`; `prices` are what models charge.

    `interrupted`: journeys that were not played to the end are not among them.
    """

    journeys: Sequence[Journey]
    runs: Sequence[Sequence[Played]]
    generation: str
    started: datetime
    prices: Prices
    interrupted: bool = False

    @property
    def passed(self) -> bool:
        return not any(played.failures for runs in self.runs for played in runs)

    @property
    def idle(self) -> list[str]:
        """Journeys that an assistant which does nothing would pass: they prove nothing."""
        return [journey.name for journey, runs in zip(self.journeys, self.runs, strict=True) if not runs[0].control]

    @property
    def turns(self) -> dict[str, list[tuple[TurnRecord, ...]]]:
        """Of each run, by the journey's name."""
        named = zip(self.journeys, self.runs, strict=True)
        return {journey.name: [played.records for played in runs] for journey, runs in named}

    def as_json(self) -> dict[str, Any]:
        summary = summarised(self.experiment("journeys", {}))
        control = [Runs(len(runs), sum(not played.control for played in runs)) for runs in self.runs]
        return {
            "journeys": len(self.journeys),
            "repeat": self._repeat,
            "pass^1": round(summary.pass_hat[1].value, 4),
            "pass^k": round(summary.pass_hat[self._repeat].value, 4),
            "control_pass^1": pass_hat(control, 1),
            "control_passes": self.idle,
            "groups": self._groups(),
            "interrupted": self.interrupted,
            "failures": [asdict(failure) | {"run": run} for run, failure in self._failures()],
            "summary": summary.as_json(),
        }

    def experiment(self, name: str, settings: Mapping[str, str]) -> Experiment:
        """To be kept; `settings` are added to what is known here."""
        known = {"index_generation": self.generation, "repeat": str(self._repeat)}
        cases = tuple(self._case(journey, runs) for journey, runs in zip(self.journeys, self.runs, strict=True))
        return Experiment(name=name, kind="journeys", created=self.started, settings={**known, **settings}, cases=cases)

    def _case(self, journey: Journey, runs: Sequence[Played]) -> Case:
        faults = (map(_fault, played.failures) for played in runs)
        trials = (
            trial_of(played.records, self.prices, tuple(found)) for played, found in zip(runs, faults, strict=True)
        )
        return Case(id=journey.name, group=journey.group, trials=tuple(trials))

    @property
    def _repeat(self) -> int:
        return len(self.runs[0])

    def _groups(self) -> dict[str, dict[str, int]]:
        """Journeys of each group, and how many passed every time."""
        counts: dict[str, dict[str, int]] = {}
        for journey, runs in zip(self.journeys, self.runs, strict=True):
            group = counts.setdefault(journey.group, {"journeys": 0, "passed": 0})
            group["journeys"] += 1
            group["passed"] += all(not played.failures for played in runs)
        return counts

    def _failures(self) -> Iterator[tuple[int, Failure]]:
        for runs in self.runs:
            for number, played in enumerate(runs, 1):
                yield from ((number, failure) for failure in played.failures)


async def measure(
    journeys: Sequence[Journey],
    worlds: Worlds,
    prices: Prices,
    repeat: int = 1,
    progress: Progress = lambda *_: None,
) -> Report:
    """Each journey `repeat` times, one after the other; an interrupt ends it with what there is, if there is anything.

    Raises EvaluationError for names the shop does not know.
    """
    if not journeys:
        raise EvaluationError("there are no journeys")
    async with worlds.open(journeys[0]) as world:
        tools = world.assistant.tools
    require_known_names(journeys, worlds.base.index, tools)
    runs: list[list[Played]] = []
    started = worlds.base.clock()
    try:
        for done, journey in enumerate(journeys, 1):
            runs.append([await play(journey, worlds) for _ in range(repeat)])
            progress(done, len(journeys), journey, not any(played.failures for played in runs[-1]))
    except asyncio.CancelledError:
        if not runs:
            raise
    played, generation = journeys[: len(runs)], worlds.base.index.manifest().generation
    return Report(played, runs, generation, started, prices, len(runs) < len(journeys))


def _fault(failure: Failure) -> Fault:
    expected, found = (
        json.dumps(each, ensure_ascii=False, default=str)[:_DETAIL] for each in (failure.expected, failure.found)
    )
    detail = f"expected {expected}, found {found}"
    return Fault(label=failure.label, check=f"turn {failure.turn}: {failure.assertion}", detail=detail)
