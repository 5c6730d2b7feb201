"""What an upload says of a run, and how several that speak of the same one come together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Kind = Literal["post", "patch"]
_OUTCOME = ("outputs", "error", "end_time", "status")


def _mapping(value: Any) -> Any:
    """Some SDKs wrap nothing around a bare value."""
    return value if value is None or isinstance(value, dict) else {"output": value}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else str(value)


def zoned(value: datetime) -> datetime:
    """A time without a zone is UTC, as the SDK sends it."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Payload = Annotated[dict[str, Any], BeforeValidator(_mapping)]


class RunUpload(BaseModel):
    """LangSmith's fields of a run; None says nothing about a field, what we do not know is let go."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    trace_id: UUID | None = None
    parent_run_id: UUID | None = None
    dotted_order: str | None = Field(None, max_length=16_384)
    session_id: UUID | None = None
    session_name: str | None = Field(None, max_length=512)
    name: str | None = Field(None, max_length=4096)
    run_type: str | None = Field(None, max_length=64)
    start_time: datetime | None = None
    end_time: datetime | None = None
    status: str | None = None
    error: Annotated[str | None, BeforeValidator(_text)] = None
    inputs: Payload | None = None
    outputs: Payload | None = None
    extra: dict[str, Any] | None = None
    events: list[Any] | None = None
    serialized: Any = None
    tags: list[str] | None = None
    reference_example_id: UUID | None = None

    def said(self) -> dict[str, Any]:
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


def merged(known: RunUpload | None, new: RunUpload, kind: Kind) -> RunUpload:
    """The later patch wins. A post only fills gaps, whenever it comes, and nothing earlier un-finishes a run."""
    if known is None:
        return new
    before, after = known.said(), new.said()
    if kind == "post":
        return RunUpload.model_construct(**(after | before))
    kept = {name: before[name] for name in _OUTCOME if name in before} if _is_earlier(new, known) else {}
    return RunUpload.model_construct(**(before | after | kept))


def _is_earlier(new: RunUpload, known: RunUpload) -> bool:
    if known.end_time is None:
        return False
    return new.end_time is None or zoned(new.end_time) < zoned(known.end_time)


def start_of(run: RunUpload, otherwise: datetime) -> datetime:
    """A run whose beginning has not arrived yet stands where its dotted order or its end puts it."""
    if run.start_time is not None:
        return zoned(run.start_time)
    own = (run.dotted_order or "").rpartition(".")[2].partition("Z")[0]
    try:
        return datetime.strptime(own, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return zoned(run.end_time) if run.end_time else otherwise


def trace_of(run: RunUpload) -> UUID:
    """Else the first id of its dotted order; a run that tells neither is a trace of its own."""
    if run.trace_id is not None:
        return run.trace_id
    try:
        return UUID((run.dotted_order or "").partition(".")[0].partition("Z")[2])
    except ValueError:
        return run.id


def end_of(run: RunUpload) -> datetime | None:
    return zoned(run.end_time) if run.end_time else None


def status_of(run: RunUpload) -> str:
    if run.error:
        return "error"
    return "success" if run.end_time else "pending"
