"""An experiment as it is kept in a file: its cases, each played one or more times, and what came of each trial."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

# Whose fault a failed trial is: the assistant's, the simulated shopper's, the reference's, or the machine's.
Label = Literal["agent", "simulator", "gold", "infrastructure"]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Score(_Kept):
    """What one evaluator said. `score` is None where it does not apply, which is neither a pass nor a failure."""

    key: str
    score: float | None
    comment: str = ""


class Fault(_Kept):
    """One thing that was not as it should be; `detail` is one line."""

    label: Label
    check: str
    detail: str


class Trial(_Kept):
    """One run of a case. `run_ids` are the traces of its turns; `cost_usd` is None where no price is known."""

    passed: bool
    scores: tuple[Score, ...] = ()
    faults: tuple[Fault, ...] = ()
    run_ids: tuple[str, ...] = ()
    latency_ms: float | None = None  # of its slowest turn
    total_tokens: int | None = None
    cost_usd: float | None = None


class Case(_Kept):
    id: str
    group: str
    tags: tuple[str, ...] = ()
    trials: tuple[Trial, ...]


class Experiment(_Kept):
    """`settings` say what was measured: model, index generation, code version, and whatever the caller adds."""

    name: str
    kind: Literal["dataset", "journeys", "tau-retail", "ablation"]
    created: datetime
    settings: Mapping[str, str] = {}
    cases: tuple[Case, ...]
