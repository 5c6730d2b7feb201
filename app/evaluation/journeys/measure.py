"""How many journeys end well, once and every time, and whether an idle assistant would have passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.evaluation.journeys.journey import Journey
from app.evaluation.journeys.playing import Failure, Played, play
from app.evaluation.journeys.vocabulary import require_known_names
from app.evaluation.journeys.worlds import Worlds
from app.evaluation.rows import EvaluationError

Progress = Callable[[int, int, Journey, bool], None]  # done, of how many, which, and whether it passed


@dataclass(frozen=True, slots=True)
class Report:
    """`runs` are each journey's, in the order played. pass^k as in tau-bench (Yao et al. 2024), with k = all runs."""

    journeys: Sequence[Journey]
    runs: Sequence[Sequence[Played]]

    @property
    def passed(self) -> bool:
        return not any(played.failures for runs in self.runs for played in runs)

    @property
    def idle(self) -> list[str]:
        """Journeys that an assistant which does nothing would pass: they prove nothing."""
        return [journey.name for journey, runs in zip(self.journeys, self.runs, strict=True) if not runs[0].control]

    def as_json(self) -> dict[str, Any]:
        return {
            "journeys": len(self.journeys),
            "repeat": len(self.runs[0]),
            "pass^1": self._share(lambda runs: sum(not played.failures for played in runs) / len(runs)),
            "pass^k": self._share(lambda runs: float(all(not played.failures for played in runs))),
            "control_pass^1": self._share(lambda runs: sum(not played.control for played in runs) / len(runs)),
            "control_passes": self.idle,
            "groups": self._groups(),
            "failures": [asdict(failure) | {"run": run} for run, failure in self._failures()],
        }

    def _share(self, score: Callable[[Sequence[Played]], float]) -> float:
        return round(sum(map(score, self.runs)) / len(self.runs), 4)

    def _groups(self) -> dict[str, dict[str, int]]:
        """Journeys of each group, and how many passed every time."""
        counts: dict[str, dict[str, int]] = {}
        for journey, runs in zip(self.journeys, self.runs, strict=True):
            group = counts.setdefault(journey.group, {"journeys": 0, "passed": 0})
            group["journeys"] += 1
            group["passed"] += all(not played.failures for played in runs)
        return counts

    def _failures(self) -> list[tuple[int, Failure]]:
        return [
            (number, failure)
            for runs in self.runs
            for number, played in enumerate(runs, 1)
            for failure in played.failures
        ]


async def measure(
    journeys: Sequence[Journey], worlds: Worlds, repeat: int = 1, progress: Progress = lambda *_: None
) -> Report:
    """Each journey `repeat` times, one after the other. Raises EvaluationError for names the shop does not know."""
    if not journeys:
        raise EvaluationError("there are no journeys")
    async with worlds.open(journeys[0]) as world:
        tools = world.assistant.tools
    require_known_names(journeys, worlds.base.index, tools)
    runs = []
    for done, journey in enumerate(journeys, 1):
        runs.append([await play(journey, worlds) for _ in range(repeat)])
        progress(done, len(journeys), journey, not any(played.failures for played in runs[-1]))
    return Report(journeys, runs)
