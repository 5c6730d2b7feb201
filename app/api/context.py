"""Everything known for a shopper and a question, without an answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.chat import Question
from app.api.identity import Asker
from app.api.parts import AppParts
from retrievers.records import UnifiedContext

router = APIRouter()


class ContextRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: Question
    top_k: Annotated[int, Field(ge=1, le=50)] = 5


@router.post("/api/context")
async def context(request: ContextRequest, asker: Asker, parts: AppParts) -> UnifiedContext:
    return await parts.assistant.context(asker, request.question, request.top_k)
