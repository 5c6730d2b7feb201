"""One turn as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from app.api.errors import report
from app.api.identity import Asker
from app.api.parts import AppParts
from graphs.turn import Lang, Turn

router = APIRouter()
PAYLOAD = TypeAdapter[dict[str, Any]](dict[str, Any])

# Longer than the input rail's own limit, which answers politely; this one only stops abuse.
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
ThreadId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class ChatRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    message: Question
    thread_id: ThreadId | None = None
    lang: Lang = "en"


@router.post("/api/chat", response_class=EventSourceResponse)
async def chat(request: ChatRequest, asker: Asker, parts: AppParts) -> AsyncIterator[ServerSentEvent]:
    """Events as in `app.api.ports.Assistant`, and `error {error}` last if the turn broke. Hanging up stops the turn."""
    turn = Turn(message=request.message, user_id=asker, lang=request.lang, thread_id=request.thread_id)
    with parts.metrics.turn() as meter:
        try:
            async for event, payload in parts.assistant.stream(turn):
                meter.see(event, payload)
                yield _sent(event, payload)
        except Exception as error:
            meter.fail()
            yield _sent("error", {"error": report(error)})


def _sent(event: str, payload: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(event=event, raw_data=PAYLOAD.dump_json(payload).decode())
