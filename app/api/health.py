"""For orchestrators: alive, ready, and how it goes."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.api.parts import AppParts
from graphs.turn import Readiness

router = APIRouter()


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive, even when it cannot answer: restarting would not help an empty index."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(response: Response, parts: AppParts) -> Readiness:
    """503 with the reason when turns could only be answered from fallbacks."""
    readiness = parts.assistant.readiness()
    response.status_code = 200 if readiness.ready else 503
    return readiness


@router.get("/metrics")
async def metrics(parts: AppParts) -> Response:
    return Response(parts.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
