"""What a shop keeps: frozen records, amounts exact. A change is a new record with the version it was made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

OrderStatus = Literal[
    "pending",
    "pending_items_changed",
    "processed",
    "delivered",
    "cancelled",
    "return_requested",
    "exchange_requested",
]
PaymentKind = Literal["credit_card", "paypal", "gift_card", "mock"]

NOTHING = Decimal("0.00")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Item(_Record):
    """What can be put in a cart: one variant of a product. `price` is None while nobody can vouch for one."""

    item_id: str
    product_id: str
    title: str
    options: Mapping[str, str] = {}
    price: Decimal | None = None
    currency: str = "USD"
    available: bool = True
    stock: int | None = None  # None when not counted

    def has(self, quantity: int) -> bool:
        return self.available and (self.stock is None or self.stock >= quantity)


class Line(_Record):
    """Of a cart or an order; `price` is for one, in a cart the one last seen."""

    item_id: str
    product_id: str
    title: str
    options: Mapping[str, str] = {}
    quantity: int = 1
    price: Decimal | None = None

    @property
    def amount(self) -> Decimal:
        return (self.price or NOTHING) * self.quantity


class Cart(_Record):
    user_id: str
    lines: tuple[Line, ...] = ()
    version: int = 0  # 0 when nothing was ever put in


class Address(_Record):
    line1: str = Field(min_length=1, description="Street and number.")
    line2: str = Field(default="", description="Flat, suite, floor; empty when there is none.")
    city: str = Field(min_length=1)
    state: str = Field(default="", description="State, province or region.")
    country: str = Field(min_length=1)
    zip: str = Field(min_length=1, description="Postal code.")


class PaymentMethod(_Record):
    """`balance` is of gift cards only; `mock` moves no money and says so wherever it is named."""

    method_id: str
    kind: PaymentKind
    brand: str | None = None
    last_four: str | None = None
    balance: Decimal | None = None

    @property
    def label(self) -> str:
        return " ".join(part for part in (self.brand, self.last_four) if part) or self.kind

    def covers(self, amount: Decimal) -> bool:
        return self.kind != "gift_card" or (self.balance or NOTHING) >= amount


class Account(_Record):
    user_id: str
    first_name: str = ""
    last_name: str = ""
    email: str | None = None
    address: Address | None = None
    methods: tuple[PaymentMethod, ...] = ()
    version: int = 0  # 0 while it is only assumed and not stored

    def method(self, method_id: str) -> PaymentMethod | None:
        return next((method for method in self.methods if method.method_id == method_id), None)

    def moved(self, method_id: str, amount: Decimal) -> Account:
        """With `amount` added to a gift card's balance, or taken when negative; other methods hold no balance here."""
        return self.model_copy(update={"methods": tuple(_moved(m, method_id, amount) for m in self.methods)})


class Payment(_Record):
    """Money taken or given back for an order; `amount` is never negative."""

    kind: Literal["payment", "refund"]
    method_id: str
    amount: Decimal

    @property
    def signed(self) -> Decimal:
        return self.amount if self.kind == "payment" else -self.amount


class Parcel(_Record):
    tracking_ids: tuple[str, ...]
    item_ids: tuple[str, ...]


class AfterSale(_Record):
    """A return or exchange that was asked for; an order has one at most. Item ids are sorted, one for each piece."""

    kind: Literal["return", "exchange"]
    item_ids: tuple[str, ...]
    new_item_ids: tuple[str, ...] = ()
    method_id: str
    difference: Decimal | None = None  # what an exchange costs; negative when it is given back


class Order(_Record):
    order_id: str
    user_id: str
    status: OrderStatus
    currency: str = "USD"
    lines: tuple[Line, ...]
    address: Address | None = None
    payments: tuple[Payment, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    after_sale: AfterSale | None = None
    cancel_reason: str | None = None
    placed_at: datetime | None = None
    delivered_at: datetime | None = None
    version: int = 0  # 0 until it is stored

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), NOTHING)

    def paid(self) -> dict[str, Decimal]:
        """What each method has paid and not got back, in the order they were first used; the settled ones left out."""
        sums: defaultdict[str, Decimal] = defaultdict(lambda: NOTHING)
        for payment in self.payments:
            sums[payment.method_id] += payment.signed
        return {method: amount for method, amount in sums.items() if amount > 0}


def _moved(method: PaymentMethod, method_id: str, amount: Decimal) -> PaymentMethod:
    if method.method_id != method_id or method.kind != "gift_card":
        return method
    return method.model_copy(update={"balance": (method.balance or NOTHING) + amount})
