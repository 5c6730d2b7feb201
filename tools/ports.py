"""What tools need done elsewhere; `app` hands in who does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

EventKind = Literal["view", "click", "cart", "purchase"]


@dataclass(frozen=True, slots=True)
class ShopperEvent:
    """Something a shopper did with a product. `run_id` and `position` (from 0) say which card it began with."""

    event_id: str  # made by whoever saw it happen: the same event told twice happened once
    kind: EventKind
    user_id: str
    product_id: str
    time: datetime  # UTC
    run_id: str | None = None
    position: int | None = None
    quantity: int = 1
    price: float | None = None  # of one, as it was then
    dwell_s: float | None = None  # how long a view lasted


class EventSink(Protocol):
    """Where events go: kept first, then made into features."""

    async def put(self, events: Sequence[ShopperEvent]) -> int:
        """How many were new; they are kept durably when this returns. Raises EventsUnavailable."""
        ...

    def lost(self, count: int) -> None:
        """Whoever saw so many events happen could not tell them in time, and has given them up."""
        ...


class EventsUnavailable(Exception):
    """Events cannot be kept now."""


class FeatureWriter(Protocol):
    """Writes facts where the next turn reads them."""

    async def write(self, view: str, row: Mapping[str, Any]) -> None:
        """One whole row: the view's join key, `event_timestamp` and each of its features, None for what is unknown.

        An older event never replaces a newer one. Raises FeaturesUnavailable, and ValueError for a malformed row.
        """
        ...
