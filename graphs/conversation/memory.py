"""What a conversation remembers: enough to understand "the second one", never the whole of what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Remembered(BaseModel):
    model_config = ConfigDict(frozen=True)


class Limit(_Remembered):
    """A stated condition, as in `retrievers.records.FilterItem`."""

    field: str
    op: str
    value: float | str | tuple[str, ...]
    unit: str | None = None


class Reason(_Remembered):
    """As in `retrievers.records.Reason`."""

    kind: str
    feature: str
    params: Mapping[str, Any] = {}


class ShownProduct(_Remembered):
    """A product as it was shown; `attributes` tell it apart when somebody says "the blue one"."""

    product_id: str
    title: str
    price: float | None = None
    rating: float | None = None
    attributes: Mapping[str, Any] = {}
    reasons: tuple[Reason, ...] = ()  # why it was shown; they held when it was


class PastTurn(_Remembered):
    """One turn. `question` is what it came to mean on its own; `products` are in the order of their cards."""

    said: str
    question: str
    intent: str
    head: str | None = None
    terms: str | None = None  # the words searched for; None: as its question reads
    limits: tuple[Limit, ...] = ()
    products: tuple[ShownProduct, ...] = ()
    show: int | None = None  # how many were to be shown
    only: tuple[str, ...] = ()  # ids it was confined to (`Reading.only`): it asked about products, not for them
    orders: tuple[str, ...] = ()  # ids of orders it spoke of
    items: tuple[str, ...] = ()  # ids of products in the cart or order it told of, in that order
    tool: str | None = None  # what was done, if anything


class Memory(_Remembered):
    """The last turns whole, the oldest first; what earlier ones left behind is kept as facts, never as cut text."""

    turns: tuple[PastTurn, ...] = ()
    earlier: tuple[str, ...] = ()  # facts of the turns before those: limits still in force, orders, products chosen
    pending: tuple[str, ...] = ()  # ids of actions that wait for the shopper's word

    @property
    def last(self) -> PastTurn | None:
        return self.turns[-1] if self.turns else None
