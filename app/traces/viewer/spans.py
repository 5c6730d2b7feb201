"""A trace as a tree, each run placed in the time of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.traces.store import StoredRun


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `width` are shares of the whole trace, [0, 1]; a run without an end lasts until the latest end."""

    stored: StoredRun
    depth: int
    start: float
    width: float

    @property
    def took_ms(self) -> float | None:
        latency: float | None = self.stored.row["latency_s"]
        return None if latency is None else round(latency * 1000, 1)


def spans_of(runs: Sequence[StoredRun]) -> list[Span]:
    """Parents before their children, siblings in the order they began; a run whose parent is missing stands alone."""
    first = min((run.row["start_us"] for run in runs), default=0)
    last = max((run.row["end_us"] or run.row["start_us"] for run in runs), default=0)
    whole = max(last - first, 1)
    return [
        Span(
            run,
            depth,
            (run.row["start_us"] - first) / whole,
            ((run.row["end_us"] or last) - run.row["start_us"]) / whole,
        )
        for run, depth in _walk(runs)
    ]


def _walk(runs: Sequence[StoredRun]) -> Iterator[tuple[StoredRun, int]]:
    known = {run.row["id"] for run in runs}
    below: dict[str | None, list[StoredRun]] = {}
    for run in runs:
        parent = run.row["parent_run_id"]
        below.setdefault(parent if parent in known and parent != run.row["id"] else None, []).append(run)
    waiting = [(run, 0) for run in reversed(below.get(None, []))]
    while waiting:
        run, depth = waiting.pop()
        yield run, depth
        waiting += [(child, depth + 1) for child in reversed(below.get(run.row["id"], []))]
