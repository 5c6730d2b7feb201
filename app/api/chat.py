"""One turn as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from app.api.errors import Refused, refusal, report
from app.api.identity import Asker
from app.api.parts import AppParts
from graphs.conversation.history import UnknownThread
from graphs.conversation.rerun import NotRepeatable
from graphs.turn import Changes, Lang, Turn, TurnStopped
from tools.records import Decision

router = APIRouter()
PAYLOAD = TypeAdapter[dict[str, Any]](dict[str, Any])

# Longer than the input rail's own limit, which answers politely; this one only stops abuse.
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
ThreadId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Confirmation(BaseModel):
    """The shopper's word on what a `confirm` event proposed."""

    model_config = ConfigDict(extra="forbid")

    action_id: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    accept: bool


class Rerun(BaseModel):
    """The latest answer of a conversation, looked for again without some features or stated limits."""

    model_config = ConfigDict(extra="forbid")

    run_id: ThreadId
    without: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=256)]], Field(max_length=64)] = []


class ChatRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    message: Question | None = None
    thread_id: ThreadId | None = None
    lang: Lang = "en"
    confirm: Confirmation | None = None
    rerun: Rerun | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> ChatRequest:
        if sum(part is not None for part in (self.message, self.confirm, self.rerun)) != 1:
            raise ValueError("send one of message, confirm and rerun")
        if self.confirm and self.thread_id is None:
            raise ValueError("a confirm needs the thread_id of its conversation")
        return self


async def turn_of(request: ChatRequest, asker: Asker, parts: AppParts) -> Turn:
    """Resolved before the first event, so that what cannot be run again is refused with a status."""
    if request.rerun:
        changes = Changes(without=frozenset(request.rerun.without))
        return await parts.assistant.again(request.rerun.run_id, asker, request.lang, changes)
    word = request.confirm
    decision = Decision(word.action_id, word.accept) if word else None
    return Turn(request.message or "", asker, request.lang, request.thread_id, decision)


@router.post("/api/chat", response_class=EventSourceResponse)
async def chat(turn: Annotated[Turn, Depends(turn_of)], parts: AppParts) -> AsyncIterator[ServerSentEvent]:
    """Events as in `app.api.ports.Assistant`, last `error {error, code}` if it broke. Hanging up stops the turn."""
    with parts.metrics.turn() as meter:
        try:
            async for event, payload in parts.assistant.stream(turn):
                meter.see(event, payload)
                yield _sent(event, payload)
        except TurnStopped:
            return
        except (UnknownThread, NotRepeatable) as error:
            meter.fail()
            yield _sent("error", refusal(error))
        except Exception as error:
            meter.fail()
            yield _sent("error", report(error))


@router.delete("/api/runs/{run_id}", status_code=204)
async def stop(run_id: ThreadId, asker: Asker, parts: AppParts) -> None:
    """Ends a turn of the asker's own; what was released stays."""
    if not parts.assistant.stop(run_id, asker):
        raise Refused(404, "There is no such turn being answered.", "unknown_turn")


def _sent(event: str, payload: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(event=event, raw_data=PAYLOAD.dump_json(payload).decode())
