"""The parts of one application, and how a route asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from app.api.metrics import Metrics
from app.api.page import Page
from app.api.ports import Assistant, Identity, ProductLookup


@dataclass(frozen=True, slots=True)
class Parts:
    assistant: Assistant
    identity: Identity
    products: ProductLookup
    page: Page
    metrics: Metrics
    images_dir: Path | None


def parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


AppParts = Annotated[Parts, Depends(parts_of)]
