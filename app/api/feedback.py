"""What the asker thinks of an answer of their own."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from app.api.chat import ThreadId
from app.api.identity import Asker
from app.api.parts import AppServices
from graphs.conversation.history import Feedback

router = APIRouter()


class FeedbackRequest(BaseModel):
    """A score of 0 takes back what was said before, with its comment."""

    model_config = ConfigDict(extra="forbid")

    run_id: ThreadId
    score: Literal[1, 0, -1]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] | None = None


@router.post("/api/feedback", status_code=204)
async def feedback(told: FeedbackRequest, asker: Asker, services: AppServices) -> None:
    """The latest word on an answer replaces the one before; 404 for an answer of somebody else's."""
    said = Feedback(told.score, told.comment or None) if told.score else None
    await services.answers.rate(told.run_id, asker, said)
