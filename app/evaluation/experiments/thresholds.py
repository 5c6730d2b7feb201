"""What an experiment has to reach, as a TOML file says it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.evaluation.experiments.record import Label
from app.evaluation.rows import EvaluationError, read_text

Share = Annotated[float, Field(ge=0, le=1)]
PassHat = Annotated[str, Field(pattern=r"^pass\^[1-9][0-9]*$")]


class _Stated(BaseModel):
    """A key nobody knows is an error: a threshold with a slip of the pen would guard nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Bounds(_Stated):
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _states_something(self) -> Bounds:
        if self.min is None and self.max is None:
            raise ValueError("give a min or a max")
        return self


class LatencyLimits(_Stated):
    """The most milliseconds a trial's slowest turn may take."""

    p50_ms: Annotated[float, Field(gt=0)] | None = None
    p95_ms: Annotated[float, Field(gt=0)] | None = None


class SpendingLimits(_Stated):
    """The most a trial may use on average."""

    tokens: Annotated[float, Field(ge=0)] | None = None
    cost_usd: Annotated[float, Field(ge=0)] | None = None


class Regression(_Stated):
    """Against the base: how far pass^1 may drop. `significant`: only a drop that can be told from chance counts."""

    max_drop: Share
    significant: bool = False
    missing_cases: Annotated[int, Field(ge=0)] = 0


class Thresholds(_Stated):
    """`judged_by`: the figure itself, or the end of its 95% interval that is nearer to failing."""

    judged_by: Literal["value", "interval"] = "value"
    min_cases: Annotated[int, Field(ge=1)] | None = None
    pass_hat: dict[PassHat, Share] = Field(default={}, alias="pass")
    groups: dict[str, Share] = {}
    tags: dict[str, Share] = {}
    scores: dict[str, Bounds] = {}
    failed: dict[Label, Annotated[int, Field(ge=0)]] = {}
    latency: LatencyLimits = LatencyLimits()
    spending: SpendingLimits = SpendingLimits()
    regression: Regression | None = None

    @model_validator(mode="after")
    def _states_something(self) -> Thresholds:
        if not self.model_dump(exclude_defaults=True, exclude={"judged_by"}):
            raise ValueError("no threshold is stated")
        return self


_KNOWN = {"extra_forbidden": "there is no such key", "model_type": "expected a table, such as {min = 0.9}"}


def read_thresholds(path: Path) -> Thresholds:
    """Raises EvaluationError, in one line, for an unknown key or a value that cannot be."""
    try:
        return Thresholds.model_validate(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise EvaluationError(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        said = _KNOWN.get(first["type"]) or _said(first["msg"])
        raise EvaluationError(f"{path}: {f'{place}: ' if place else ''}{said}") from None


def _said(message: str) -> str:
    message = re.sub(r"^Value error, ", "", message)
    return message[:1].lower() + message[1:]
