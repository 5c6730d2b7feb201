"""The asker's own conversations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from app.api.identity import Asker
from app.api.parts import AppParts
from graphs.conversation.history import PastExchange, ThreadSummary

router = APIRouter(prefix="/api/threads")

ThreadInPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


@router.get("")
async def threads(asker: Asker, parts: AppParts) -> list[ThreadSummary]:
    """The latest first."""
    return await parts.assistant.threads(asker)


@router.get("/{thread_id}")
async def exchanges(thread_id: ThreadInPath, asker: Asker, parts: AppParts) -> list[PastExchange]:
    """What was said and answered, in order; each answer is the final answer as it was sent."""
    return await parts.assistant.exchanges(thread_id, asker)


@router.delete("/{thread_id}", status_code=204)
async def forget(thread_id: ThreadInPath, asker: Asker, parts: AppParts) -> None:
    """Erases the conversation and what was remembered of it."""
    await parts.assistant.forget(thread_id, asker)
