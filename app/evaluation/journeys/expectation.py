"""What must hold after a turn. There is no key for the words of an answer: how it is said is nobody's contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from app.evaluation.journeys.values import Figure, Number, ProductRef, Stating, Text, TurnNumber
from graphs.conversation.understood import UnclearCode
from retrievers.records import DegradationKind, FeatureStatus, FilterOp, FilterOrigin, Part
from tools.preferences import Name as Preference
from tools.records import ActionStatus
from tools.shop.records import OrderStatus

Order = Literal["price", "-price", "rating", "-rating"]
SourceKind = Literal["product", "review", "faq", "policy", "technical", "feature", "action"]
Plain = dict[str, Any]


class ProductCondition(Stating):
    """Of one product. What is unknown of it meets no condition."""

    price: Figure | None = None
    rating: Figure | None = None
    in_stock: bool | None = None
    brand: Text | list[Text] | None = None
    category: Text | None = Field(default=None, description="Any step of the path from broad to narrow.")
    kind: Text | None = Field(default=None, description="What the thing is, singular: 'running shoe'.")
    title: list[Text] | None = Field(default=None, min_length=1, description="Words that all occur in the title.")
    attributes: Mapping[str, bool | float | str | list[Text] | Figure] | None = Field(default=None, min_length=1)


class Products(Stating):
    """The cards of the answer, in their order; what is said of them is not so where there are none."""

    count: Number | None = None
    ids: list[ProductRef] | None = Field(default=None, description="Exactly these, in this order.")
    include: list[ProductRef] | None = Field(default=None, min_length=1)
    exclude: list[ProductRef] | None = Field(default=None, min_length=1)
    first: ProductCondition | None = None
    all: ProductCondition | None = None
    any: ProductCondition | None = None
    none: ProductCondition | None = None
    order_by: Order | None = Field(default=None, description="A minus: the highest first.")
    same_as: TurnNumber | None = Field(default=None, description="The same products in the same order.")
    different_from: TurnNumber | None = Field(default=None, description="No product in common.")
    subset_of: TurnNumber | None = None


class ExpectedLine(Stating):
    product: ProductRef
    quantity: int | None = Field(default=None, ge=1)
    price: Figure | None = None


class ExpectedCart(Stating):
    """What the shop holds after the turn, whatever the answer says."""

    empty: bool | None = None
    quantity: Number | None = Field(default=None, description="Of all lines together.")
    total: Figure | None = None
    lines: list[ExpectedLine] | None = Field(default=None, description="Exactly these, in any order.")
    include: list[ExpectedLine] | None = Field(default=None, min_length=1)


class ExpectedOrder(Stating):
    id: Text | None = None
    status: OrderStatus | None = None
    total: Figure | None = None
    lines: list[ExpectedLine] | None = None
    address: Plain | None = Field(default=None, min_length=1, description="Parts of it: city, zip, ...")
    paid_with: Text | None = None
    cancel_reason: Text | None = None


class ExpectedOrders(Stating):
    """The shopper's own, as the shop holds them after the turn."""

    count: Number | None = None
    include: list[ExpectedOrder] | None = Field(default=None, min_length=1)
    exclude: list[ExpectedOrder] | None = Field(default=None, min_length=1)


class ExpectedFilter(Stating):
    field: Text
    op: FilterOp | None = None
    value: float | str | list[str] | None = Field(default=None, description="Of several values: all of them.")
    origin: FilterOrigin | None = None


class ExpectedFilters(Stating):
    """Limits that held, gave way, or were set aside; `unheld` did not hold."""

    honoured: list[ExpectedFilter] | None = Field(default=None, min_length=1)
    relaxed: list[ExpectedFilter] | None = Field(default=None, min_length=1)
    dropped: list[ExpectedFilter] | None = Field(default=None, min_length=1)
    unheld: list[ExpectedFilter] | None = Field(default=None, min_length=1)


class ExpectedCitations(Stating):
    """`supported`: something is claimed, and nothing that is claimed lacks support."""

    min: int | None = Field(default=None, ge=1)
    kinds: list[SourceKind] | None = Field(default=None, min_length=1)
    sources: list[Text] | None = Field(default=None, min_length=1, description="As a reader opens them: /faq/orders.")
    supported: Literal[True] | None = None


class ExpectedDegradation(Stating):
    part: Part
    kind: DegradationKind | None = None


class ExpectedAction(Stating):
    """What is left out may be anything; of `arguments` and `receipt` only what is named has to be there."""

    tool: Text | None = None
    status: ActionStatus | None = None
    reason: Text | None = Field(default=None, description="Why it was refused or failed, as its receipt says.")
    arguments: Plain | None = Field(default=None, min_length=1)
    receipt: Plain | None = Field(default=None, min_length=1)


class ExpectedActions(Stating):
    count: Number | None = None
    include: list[ExpectedAction] | None = Field(default=None, min_length=1)
    exclude: list[ExpectedAction] | None = Field(default=None, min_length=1)


class ExpectedGuard(Stating):
    action: Literal["allow", "refuse", "redact"] | None = None
    reasons: list[Text] | None = Field(default=None, min_length=1)


class ExpectedFeatures(Stating):
    """By Feast's reference, `view:feature`. Used: something was decided by it this turn."""

    used: list[Text] | None = Field(default=None, min_length=1)
    unused: list[Text] | None = Field(default=None, min_length=1)
    status: Mapping[str, FeatureStatus] | None = Field(default=None, min_length=1)


AsksBack = Literal[False] | UnclearCode


class Expectation(Stating):
    products: Products | None = None
    nearest: Products | None = Field(default=None, description="Offers that break a limit, when none keeps them all.")
    cart: ExpectedCart | None = None
    orders: ExpectedOrders | None = None
    preferences: Mapping[Preference, Any] | None = Field(
        default=None, min_length=1, description="As stored after the turn; null: none."
    )
    filters: ExpectedFilters | None = None
    citations: ExpectedCitations | None = None
    degraded: list[ExpectedDegradation] | None = Field(default=None, description="Among others; []: nothing was.")
    actions: ExpectedActions | None = None
    guard: ExpectedGuard | None = None
    asks_back: AsksBack | None = Field(default=None, description="Why the assistant asks; false: it does not.")
    features: ExpectedFeatures | None = None
    model: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_empty_key(cls, given: Any) -> Any:
        """`products:` with nothing behind it is a forgotten expectation, not one of nothing."""
        empty = [name for name, value in given.items() if value is None] if isinstance(given, dict) else []
        if empty:
            raise ValueError(f"{empty[0]} states nothing; give it a value or leave it out")
        return given
