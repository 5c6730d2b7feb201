"""What was shown and what shoppers did, as `shelfwise stream export` writes them: JSON Lines, plain or .gz."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.evaluation.rows import EvaluationError, read_text
from tools.ports import ShopperEvent

T = TypeVar("T")


def _zoned(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exposure(BaseModel):
    """The products of one answer in the order of their cards; `arm` is None where the log does not say.

    `recorded` is False for an arm that was not kept with the answer but worked out afterwards.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    run_id: str
    user_id: str
    time: Annotated[datetime, AfterValidator(_zoned)]
    products: Annotated[tuple[str, ...], Field(min_length=1)]
    experiment: str | None = None
    arm: str | None = None
    recorded: bool = True


def read_exposures(path: Path) -> list[Exposure]:
    """By time. Raises EvaluationError, also for a file without rows."""
    return sorted(_rows(path, TypeAdapter(Exposure)), key=lambda shown: (shown.time, shown.run_id))


def read_events(path: Path) -> list[ShopperEvent]:
    """By time; their times bear a zone. Raises EvaluationError, also for a file without rows."""
    events = list(_rows(path, TypeAdapter(ShopperEvent)))
    unzoned = next((event for event in events if event.time.tzinfo is None), None)
    if unzoned is not None:
        raise EvaluationError(f"{path}: the time of event {unzoned.event_id!r} has no zone; write it like {_LIKE}")
    return sorted(events, key=lambda event: (event.time, event.event_id))


_LIKE = "2026-11-03T12:00:00Z"


def _rows(path: Path, kind: TypeAdapter[T]) -> Iterator[T]:
    lines = [(number, line) for number, line in enumerate(read_text(path).split("\n"), 1) if line.strip()]
    if not lines:
        raise EvaluationError(f"{path} holds no rows; expected one JSON object a line")
    for number, line in lines:
        try:
            yield kind.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise EvaluationError(f"{path}, line {number}{f', {where}' if where else ''}: {first['msg']}") from None
