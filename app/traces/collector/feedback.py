"""Feedback on runs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.traces.collector.bodies import Json, object_of, valid
from app.traces.collector.described import takes
from app.traces.collector.stores import Kept, told
from app.traces.errors import NotFound
from app.traces.feedback import FeedbackUpload

router = APIRouter()


@router.post("/feedback", openapi_extra=takes(FeedbackUpload))
def create(body: Json, kept: Kept) -> Response:
    return told(kept.feedback.add([valid(FeedbackUpload, body, "the feedback")])[0])


@router.get("/feedback")
def listed(
    kept: Kept,
    run: Annotated[list[UUID] | None, Query()] = None,
    session: Annotated[list[UUID] | None, Query()] = None,
    key: Annotated[list[str] | None, Query()] = None,
    source: Annotated[list[str] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    given = {"run": run, "session": session, "key": key, "source": source}
    wanted = {name: [str(each) for each in values] for name, values in given.items() if values}
    return told(kept.feedback.listed(wanted, limit=limit, offset=offset))


@router.get("/feedback/{feedback_id}")
def read(feedback_id: UUID, kept: Kept) -> Response:
    found = kept.feedback.listed({"id": [str(feedback_id)]}, limit=1)
    if not found:
        raise NotFound(f"there is no feedback {feedback_id}")
    return told(found[0])


@router.patch("/feedback/{feedback_id}", openapi_extra=takes(FeedbackUpload))
def change(feedback_id: UUID, body: Json, kept: Kept) -> Response:
    said = object_of(body, "the feedback")
    valid(FeedbackUpload, {"key": "-", **said}, "the feedback")
    changed = kept.feedback.change(feedback_id, said)
    if changed is None:
        raise NotFound(f"there is no feedback {feedback_id}")
    return told(changed)


@router.delete("/feedback/{feedback_id}")
def delete(feedback_id: UUID, kept: Kept) -> Response:
    if not kept.feedback.delete(feedback_id):
        raise NotFound(f"there is no feedback {feedback_id}")
    return told({})
