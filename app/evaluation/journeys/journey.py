"""A journey: a shopper with a purpose, what is so before, and turns with what must come of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from app.evaluation.journeys.expectation import Expectation
from app.evaluation.journeys.values import Strict, Text, turns_named
from graphs.turn import Lang
from tools.preferences import Name as Preference
from tools.shop.records import OrderStatus, PaymentKind

Group = Literal["follow-ups", "constraints", "cart", "orders", "policy", "refusals", "cold start"]
Fault = Literal["features", "items", "index", "model"]
NEW = "new"  # a shopper nobody has met
NUMBER = Annotated[float, Field(ge=0)]


class GivenLine(Strict):
    product: Text
    quantity: int = Field(default=1, ge=1)


class GivenAddress(Strict):
    line1: Text
    line2: str = ""
    city: Text
    state: str = ""
    country: Text
    zip: Text


class GivenMethod(Strict):
    id: Text
    kind: PaymentKind
    brand: Text | None = None
    last_four: Text | None = None
    balance: Annotated[Decimal, Field(ge=0, strict=False)] | None = Field(default=None, description="Of a gift card.")


class GivenAccount(Strict):
    first_name: str = ""
    last_name: str = ""
    email: Text | None = None
    address: GivenAddress | None = None
    payment_methods: list[GivenMethod] = Field(default=[], description="None: the shop's mock payment.")


class GivenOrder(Strict):
    """Each line costs what the product costs now. Ages are in days before the journey."""

    id: Text
    status: OrderStatus
    lines: list[GivenLine] = Field(min_length=1)
    shopper: Text | None = Field(default=None, description="Whose it is; without it, the journey's shopper's.")
    placed_days_ago: float = Field(default=7, ge=0)
    delivered_days_ago: float | None = Field(default=None, ge=0)
    paid_with: Text | None = Field(default=None, description="The id of a payment method; without it, the first.")


class OnTheShelf(Strict):
    """Live facts; what is left out stays as the shop has it, null is unknown."""

    price: NUMBER | None = None
    stock: Annotated[int, Field(ge=0)] | None = None


class Given(Strict):
    cart: list[GivenLine] = Field(default=[])
    orders: list[GivenOrder] = Field(default=[])
    account: GivenAccount | None = None
    preferences: Mapping[Preference, Any] = {}
    shelf: Mapping[str, OnTheShelf] = Field(default={}, description="By product id.")
    down: list[Fault] = Field(default=[])


class Meanwhile(Strict):
    """What happens before a turn; `down` replaces what was down before."""

    shelf: Mapping[str, OnTheShelf] = {}
    orders: Mapping[str, OrderStatus] = Field(default={}, description="New statuses by order id.")
    down: list[Fault] | None = None


class Step(Strict):
    """A message, or the shopper's word on something proposed, and what must hold then.

    `of` counts the proposals of the journey in the order they were made, from 1; without it, the latest of the thread.
    """

    say: Text | None = None
    confirm: Literal["accept", "decline"] | None = None
    of: int | None = Field(default=None, ge=1)
    repeat: int = Field(default=1, ge=1, le=5, description="So often; what is expected must hold after the last.")
    at_once: bool = Field(default=False, description="The repeats all at the same time.")
    thread: Text = Field(default="main", description="Conversations of one journey are told apart by these names.")
    shopper: Text | None = Field(default=None, description="Somebody else speaks.")
    lang: Lang | None = None
    meanwhile: Meanwhile | None = None
    expect: Expectation | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        if (self.say is None) == (self.confirm is None):
            raise ValueError("a turn has either say or confirm")
        if self.of is not None and self.confirm is None:
            raise ValueError("of belongs to confirm")
        if self.at_once and self.repeat == 1:
            raise ValueError("at_once needs repeat: 2 or more")
        return self


class Journey(Strict):
    name: Text
    group: Group
    description: Text
    shopper: Text = Field(description=f"A shopper's id, or {NEW}.")
    lang: Lang = "en"
    given: Given = Given()
    turns: list[Step] = Field(min_length=1)

    @model_validator(mode="after")
    def _asserts_something(self) -> Journey:
        if all(step.expect is None for step in self.turns):
            raise ValueError("asserts nothing: give at least one turn an expect")
        for number, step in enumerate(self.turns, 1):
            later = [turn for turn in turns_named(step.expect) if turn >= number]
            if later:
                raise ValueError(f"turn {number} compares with turn {later[0]}, which is not before it")
        return self

    @property
    def called(self) -> str:
        return f"journey {self.name!r}"

    @property
    def breaks_the_model(self) -> bool:
        later = [fault for step in self.turns if step.meanwhile for fault in step.meanwhile.down or ()]
        return "model" in (*self.given.down, *later)
