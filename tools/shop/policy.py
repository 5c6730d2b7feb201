"""What the shop allows, read from a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.shop.records import Order, OrderStatus, PaymentKind
from tools.shop.refusals import Reason, Refused

SHIPPED = Path(__file__).with_name("policy.toml")
_MonthDay = Annotated[str, Field(pattern=r"^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$")]


class PolicyError(Exception):
    """A policy that cannot be used: which file, which rule, and why, in one line."""


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ordering(_Rules):
    max_quantity: int = Field(ge=1)
    max_lines: int = Field(ge=1)
    address_required: bool
    spending_limit: Decimal | None = None


class Season(_Rules):
    """What is `ordered` from the first to the last of these days, "11-15" as month and day, has a window of its own.

    The days are UTC's, and may go over the turn of the year.
    """

    ordered: tuple[_MonthDay, _MonthDay]
    window_days: int = Field(ge=0)

    def holds(self, day: datetime) -> bool:
        first, last = self.ordered
        said = f"{day.astimezone(UTC):%m-%d}"
        return first <= said <= last if first <= last else said >= first or said <= last


class Allowed(_Rules):
    """When an order may be touched; `window_days` counts from its delivery, longer in some `seasons`."""

    statuses: tuple[OrderStatus, ...]
    window_days: int | None = Field(default=None, ge=0)
    seasons: tuple[Season, ...] = ()

    def check(self, order: Order, now: datetime, otherwise: Reason) -> None:
        """Raises Refused."""
        if order.status not in self.statuses:
            raise Refused(otherwise, order_id=order.order_id, status=order.status)
        days = self.window(order.placed_at)
        if days is None or order.delivered_at is None:
            return
        if now - order.delivered_at > timedelta(days=days):
            raise Refused("too_late", order_id=order.order_id, days=days)

    def window(self, placed: datetime | None) -> int | None:
        """Days after delivery, for what was ordered then; None where there is no end to it."""
        longer = [each.window_days for each in self.seasons if placed is not None and each.holds(placed)]
        return None if self.window_days is None else max([self.window_days, *longer])


class Cancelling(Allowed):
    """`unsaid` is the reason that counts when none is given; without it one must be."""

    reasons: tuple[str, ...]
    unsaid: str | None = None


class Proposing(_Rules):
    minutes: float = Field(gt=0)


class ShopPolicy(_Rules):
    order: Ordering
    cancel: Cancelling
    change: Allowed
    returning: Allowed = Field(alias="return")
    exchange: Allowed
    refund_days: Mapping[PaymentKind, tuple[int, int]]
    proposals: Proposing

    @classmethod
    def load(cls, path: Path = SHIPPED) -> ShopPolicy:
        """Raises PolicyError."""
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise PolicyError(f"the shop's policy {path} cannot be read: {error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise PolicyError(f"the shop's policy {path}: {place}: {first['msg']}") from None
