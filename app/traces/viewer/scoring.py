"""The form below a trace: somebody's score and comment on the turn, or on one run of it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.traces.feedback import FeedbackUpload
from app.traces.viewer.answering import Pages
from app.traces.viewer.trace import shown_trace

router = APIRouter()

_MOST_BYTES = 32 * 1024
_BY_A_PERSON = {"type": "app"}  # LangSmith's word for feedback given on a page


class Scoring(BaseModel):
    """An empty field says nothing."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    run: UUID
    key: str = Field(min_length=1, max_length=100)
    score: float | None = Field(None, ge=0, le=1)
    comment: str = Field("", max_length=10_000)

    @field_validator("score", mode="before")
    @classmethod
    def _no_score(cls, score: object) -> object:
        return score or None


async def _form(request: Request) -> dict[str, str]:
    """Empty for whatever is no small form; the last of several values counts."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > _MOST_BYTES:
            return {}
    try:
        fields = parse_qs(received.decode(), max_num_fields=16)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}


@router.post("/{trace_id}/feedback")
def add(trace_id: UUID, form: Annotated[dict[str, str], Depends(_form)], shown: Pages) -> Response:
    try:
        said = Scoring.model_validate(form)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return shown_trace(trace_id, shown, f"{first['loc'][0]}: {first['msg']}")
    run = shown.store.read(said.run)
    if run is None or run.row["trace_id"] != str(trace_id):
        return shown_trace(trace_id, shown, "The run is none of this trace.")
    if said.score is None and not said.comment:
        return shown_trace(trace_id, shown, "Give a score, a comment, or both.")
    upload = FeedbackUpload(
        key=said.key,
        run_id=said.run,
        trace_id=trace_id,
        session_id=UUID(run.row["project_id"]),
        score=said.score,
        comment=said.comment or None,
        feedback_source=_BY_A_PERSON,
    )
    shown.feedback.add([upload])
    return RedirectResponse(f"{shown.base}/{trace_id}#feedback", 303)
