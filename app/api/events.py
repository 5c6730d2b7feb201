"""What shoppers do on the page, or in a shop of somebody else's making."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.errors import Refused
from app.api.identity import Asker
from app.api.parts import AppParts, AppServices
from retrievers.catalogue import Product
from tools.ports import EventKind, EventsUnavailable, ShopperEvent
from tools.records import NOBODY

router = APIRouter()

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Event(BaseModel):
    """When it happened and who did it is what the server knows itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event_id: Name
    kind: EventKind
    product_id: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    run_id: Name | None = None
    position: Annotated[int, Field(ge=0, le=1000)] | None = None
    dwell_s: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] | None = None


class Events(BaseModel):
    """`lost` is how many were given up before, because they could not be told in time."""

    model_config = ConfigDict(extra="forbid")

    events: Annotated[list[Event], Field(min_length=1, max_length=50)]
    lost: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class Accepted(BaseModel):
    accepted: int
    duplicates: int


@router.post("/api/events", status_code=202)
async def events(told: Events, asker: Asker, parts: AppParts, services: AppServices) -> Accepted:
    """Kept, and told by the features, when this returns. All are kept or none."""
    if asker in NOBODY:
        raise Refused(403, "Nobody is signed in, so nothing is kept.", "nobody")
    known = await _products(told.events, parts)
    now = services.clock()
    try:
        new = await services.events.put([_event(one, asker, known[one.product_id], now) for one in told.events])
    except EventsUnavailable as error:
        raise Refused(503, "Events cannot be kept now; send them again later.", "events_unavailable") from error
    if told.lost:  # only now, lest what is sent again be counted again
        services.events.lost(told.lost)
    return Accepted(accepted=new, duplicates=len(told.events) - new)


async def _products(told: list[Event], parts: AppParts) -> dict[str, Product]:
    """Raises Refused naming the first that is not in the catalogue."""
    names = list(dict.fromkeys(one.product_id for one in told))
    found = await asyncio.gather(*(parts.products(name) for name in names))
    known = {}
    for name, product in zip(names, found, strict=True):
        if product is None:
            line = f"There is no product {name[:64]!r} in this catalogue; nothing was kept."
            raise Refused(422, line, "unknown_product")
        known[name] = product
    return known


def _event(told: Event, user_id: str, product: Product, now: datetime) -> ShopperEvent:
    return ShopperEvent(user_id=user_id, time=now, price=product.price, **told.model_dump())
