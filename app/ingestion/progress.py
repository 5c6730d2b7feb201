"""Progress on stderr, so that stdout stays one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

Stage = Literal["reading", "embedding", "indexing", "features", "pictures", "shoppers", "asking"]


class Report(Protocol):
    """Called with how many of `total` records a stage has done."""

    def __call__(self, stage: Stage, done: int, total: int) -> None: ...


def silent(stage: Stage, done: int, total: int) -> None:
    """A `Report` for callers without a terminal."""


@contextmanager
def progress_bars(console: Console) -> Iterator[Report]:
    """One bar a stage, each appearing when its stage begins."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[Stage, TaskID] = {}
    with Progress(*columns, console=console) as bars:

        def report(stage: Stage, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage.capitalize())
            bars.update(tasks[stage], completed=done, total=total)

        yield report
