"""The parts of one application, and how a route asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from app.api.errors import Refused
from app.api.metrics import Metrics
from app.api.page import Page
from app.api.ports import Assistant, Identity, ProductLookup, Services


@dataclass(frozen=True, slots=True)
class Parts:
    assistant: Assistant
    identity: Identity
    products: ProductLookup
    page: Page
    metrics: Metrics
    images_dir: Path | None
    services: Services | None = None


def parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


AppParts = Annotated[Parts, Depends(parts_of)]


def services_of(parts: AppParts) -> Services:
    """Raises Refused."""
    if parts.services is None:
        raise Refused(503, "This server keeps nothing about shoppers.", "nothing_kept")
    return parts.services


AppServices = Annotated[Services, Depends(services_of)]
