"""Tasks played as conversations, each several times, and how often they end well."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from app.evaluation.experiments import record
from app.evaluation.experiments.estimator import Runs, pass_hat
from app.evaluation.experiments.record import Case, Experiment
from app.evaluation.rows import EvaluationError
from app.evaluation.tau_retail.conversation import Conversation, Failure, converse
from app.evaluation.tau_retail.dataset import Dataset, Task
from app.evaluation.tau_retail.judging import judged, of_another
from app.evaluation.tau_retail.simulator import Simulator
from app.evaluation.tau_retail.world import World
from graphs.runner import Assistant
from tools.shop.store import ShopStore

_log = logging.getLogger(__name__)

Assemble = Callable[[ShopStore, Path], Assistant]  # over a world; what it keeps for itself goes below the folder


@dataclass(frozen=True, slots=True)
class Cast:
    """Who talks: an assistant put together anew for each conversation, and the model that plays its customers."""

    assemble: Assemble
    customer: BaseChatModel
    deadline_s: float  # for one message of the customer


@dataclass(frozen=True, slots=True)
class Trial:
    """`task` and `run` count from 1. `control`: it passes by the final of another task; None without such a one.

    `latency_ms` is of the slowest turn; None without any.
    """

    task: int
    run: int
    failure: Failure | None
    control: bool | None
    run_ids: tuple[str, ...]
    latency_ms: float | None


@dataclass(slots=True)
class Trials:
    """`tasks` is how many are played, `repeat` how often each is meant to be."""

    tasks: int
    repeat: int
    played: list[Trial] = field(default_factory=list)
    interrupted: bool = False

    @property
    def whole(self) -> bool:
        """Every run was played and says something about the assistant."""
        return not self.interrupted and self._kinds()["infrastructure"] == 0

    def as_json(self) -> dict[str, Any]:
        passed = [(trial.task, trial.failure is None) for trial in self.played]
        by_k = {str(k): _pass_hat(passed, k) for k in range(1, self.repeat + 1)}
        control = [(trial.task, trial.control) for trial in self.played if trial.control is not None]
        return {
            "repeat": self.repeat,
            "conversations": len(self.played),
            "pass^1": by_k["1"],
            "pass^k": by_k,
            "failures_by_kind": dict(self._kinds()),
            "failures": [_failure(trial, trial.failure) for trial in self.played if trial.failure],
            "interrupted": self.interrupted,
            "control": {"final_of_another_task": {"pass^1": _pass_hat(control, 1)}},
        }

    def experiment(self, name: str, created: datetime, settings: Mapping[str, str]) -> Experiment:
        """A case a task that was played. What was never said is the assistant's fault like what was never done."""
        numbers = sorted({trial.task for trial in self.played})
        cases = tuple(
            Case(
                id=f"task {number}",
                group="conversations",
                trials=tuple(_kept(trial) for trial in self.played if trial.task == number),
            )
            for number in numbers
        )
        return Experiment(name=name, kind="tau-retail", created=created, settings=settings, cases=cases)

    def _kinds(self) -> Counter[str]:
        return Counter(trial.failure.kind for trial in self.played if trial.failure)


Progress = Callable[[Trials], None]  # after each conversation


def play(
    dataset: Dataset,
    tasks: Sequence[Task],
    cast: Cast,
    *,
    limit: int | None = None,
    repeat: int = 1,
    turns: int = 30,
    seen: Progress = lambda trials: None,
) -> Trials:
    """The first `limit` tasks in rounds, so that an interrupt leaves every task played about as often.

    Raises EvaluationError for tasks without an instruction or a user. An interrupt ends it with what there is.
    """
    trials = Trials(len(tasks[:limit]), repeat)
    for number, task in enumerate(tasks[:limit], 1):
        _require_customer(task, number, dataset)
    with tempfile.TemporaryDirectory() as folder:
        stage = _Stage(World(dataset, Path(folder)), tasks, cast, turns)
        try:
            asyncio.run(_rounds(stage, trials, seen))
        except KeyboardInterrupt:
            trials.interrupted = True
    return trials


async def _rounds(stage: _Stage, trials: Trials, seen: Progress) -> None:
    for run in range(1, trials.repeat + 1):
        for number in range(1, trials.tasks + 1):
            trials.played.append(await stage.trial(number, run))
            seen(trials)


@dataclass(frozen=True, slots=True)
class _Stage:
    world: World
    tasks: Sequence[Task]
    cast: Cast
    turns: int

    async def trial(self, number: int, run: int) -> Trial:
        task = self.tasks[number - 1]
        talk = await self._talk(task)
        other = of_another(task, self.tasks)
        return Trial(
            task=number,
            run=run,
            failure=judged(talk, task),
            control=None if other is None else judged(talk, other) is None,
            run_ids=tuple(talk.run_ids),
            latency_ms=max(talk.took_ms, default=None),
        )

    async def _talk(self, task: Task) -> Conversation:
        """Whatever breaks it breaks this run alone."""
        try:
            return await self._held(task)
        except Exception as error:
            _log.exception("a conversation broke")
            return Conversation(broken=Failure("infrastructure", f"the run broke ({type(error).__name__})"))

    async def _held(self, task: Task) -> Conversation:
        simulator = Simulator(self.cast.customer, task.instruction, self.cast.deadline_s)
        with self.world.fresh() as store, tempfile.TemporaryDirectory() as folder:
            assistant = self.cast.assemble(store, Path(folder))
            async with assistant.kept_open():
                talk = await converse(assistant, simulator, task.user_id or "", self.turns)
            talk.state = self.world.changed(store)
        return talk


def _require_customer(task: Task, number: int, dataset: Dataset) -> None:
    if not task.instruction.strip():
        raise EvaluationError(f"task {number} has no 'instruction': without one nobody can play its customer")
    if task.user_id not in dataset.users:
        raise EvaluationError(f"task {number}: 'user_id' names no user of the world: nobody can be signed in")


def _kept(trial: Trial) -> record.Trial:
    failure = trial.failure
    faults: tuple[record.Fault, ...] = ()
    if failure is not None:
        label: record.Label = "agent" if failure.kind == "output" else failure.kind
        faults = (record.Fault(label=label, check=failure.kind, detail=failure.detail),)
    return record.Trial(passed=failure is None, faults=faults, run_ids=trial.run_ids, latency_ms=trial.latency_ms)


def _failure(trial: Trial, failure: Failure) -> dict[str, Any]:
    return {"task": trial.task, "run": trial.run, "kind": failure.kind, "detail": failure.detail}


def _pass_hat(runs: Sequence[tuple[int, bool]], k: int) -> float | None:
    """Of runs by their task, and whether each passed."""
    played, passed = Counter(task for task, _ in runs), Counter(task for task, good in runs if good)
    return pass_hat((Runs(times, passed[task]) for task, times in played.items()), k)
