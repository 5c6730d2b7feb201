"""How many of the world's tasks our tools can do, and end in the state that its own tools leave."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.evaluation.experiments.record import Case, Experiment, Fault, Trial
from app.evaluation.tau_retail.dataset import Dataset, Task
from app.evaluation.tau_retail.replay import Replay, replay
from app.evaluation.tau_retail.states import differing, same
from app.evaluation.tau_retail.world import World

Progress = Callable[[int, int], None]

_TOLD = 20  # tasks named that did not end as they should


@dataclass(frozen=True, slots=True)
class Report:
    """`unequal` says what differs, by the number of the task: from 1, as lines of their file.

    `control` leaves the last action of each task out.
    """

    tasks: int
    actions: int
    expressed: int
    equal: int
    inexpressible: dict[str, int]
    refused: dict[str, dict[str, int]]
    unequal: Mapping[int, str]
    control_equal: int

    def as_json(self) -> dict[str, Any]:
        return {
            "tasks": self.tasks,
            "expressible": _share(self.expressed, self.actions),
            "state_equal": _share(self.equal, self.tasks),
            "inexpressible": self.inexpressible,
            "actions": {"all": self.actions, "expressed": self.expressed},
            "tasks_equal": self.equal,
            "refused": self.refused,
            "unequal": list(self.unequal)[:_TOLD],
            "control": {"last_action_left_out": {"state_equal": _share(self.control_equal, self.tasks)}},
        }

    def experiment(self, name: str, created: datetime, settings: Mapping[str, str]) -> Experiment:
        """A case a task; what its actions leave otherwise than they should is our tools' fault."""
        cases = tuple(_case(number, self.unequal.get(number)) for number in range(1, self.tasks + 1))
        return Experiment(name=name, kind="tau-retail", created=created, settings=settings, cases=cases)


def measure(dataset: Dataset, tasks: Sequence[Task], seen: Progress = lambda done, total: None) -> Report:
    """Raises EvaluationError for a dataset of another shape."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(World(dataset, Path(folder)), tasks, seen))


async def _measure(world: World, tasks: Sequence[Task], seen: Progress) -> Report:
    replays, controls = [], []
    for done, task in enumerate(tasks, 1):
        replays.append(await replay(world, task, task.actions))
        controls.append(await replay(world, task, task.actions[:-1]))
        seen(done, len(tasks))
    equal = [same(replayed.state, task.final) for replayed, task in zip(replays, tasks, strict=True)]
    inexpressible = sum((replayed.inexpressible for replayed in replays), Counter[str]())
    return Report(
        tasks=len(tasks),
        actions=sum(len(task.actions) for task in tasks),
        expressed=sum(replayed.expressed for replayed in replays),
        equal=sum(equal),
        inexpressible=dict(inexpressible),
        refused=_refused(replays),
        unequal={
            number: ", ".join(differing(replayed.state, task.final))
            for number, (replayed, task) in enumerate(zip(replays, tasks, strict=True), 1)
            if not equal[number - 1]
        },
        control_equal=sum(same(replayed.state, task.final) for replayed, task in zip(controls, tasks, strict=True)),
    )


def _case(number: int, differs: str | None) -> Case:
    faults = () if differs is None else (Fault(label="agent", check="state", detail=f"not as it should be: {differs}"),)
    return Case(id=f"task {number}", group="replays", trials=(Trial(passed=differs is None, faults=faults),))


def _refused(replays: Sequence[Replay]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (tool, reason), count in sorted(sum((each.refused for each in replays), Counter[tuple[str, str]]()).items()):
        found.setdefault(tool, {})[reason] = count
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
