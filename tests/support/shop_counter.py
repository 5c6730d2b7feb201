"""A small shop in its store: what the tests of its tools work with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tools.records import Outcome, Session
from tools.shop.accounts import read_account, save_account
from tools.shop.audit import read_log
from tools.shop.confirmations import ShopConfirmations
from tools.shop.orders import read_orders, save_order
from tools.shop.records import Account, Address, Item, Line, Order, Payment, PaymentMethod
from tools.shop.store import ShopStore
from tools.shop.stored_shelf import StoredShelf
from tools.shop_tools import shop_tools

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
MINA, NOOR = "mina", "noor"
HOME = Address(line1="1 Elm Street", city="Denver", state="CO", country="USA", zip="80218")
CARD = PaymentMethod(method_id="card_1", kind="credit_card", brand="visa", last_four="1234")
PAYPAL = PaymentMethod(method_id="paypal_1", kind="paypal")
GIFT = PaymentMethod(method_id="gift_1", kind="gift_card", balance=Decimal("50.00"))

ITEMS = (
    Item(item_id="mug-s", product_id="mug", title="Mug", options={"size": "S"}, price=Decimal("9.10")),
    Item(item_id="mug-l", product_id="mug", title="Mug", options={"size": "L"}, price=Decimal("12.30"), stock=3),
    Item(item_id="mug-x", product_id="mug", title="Mug", options={"size": "X"}, price=Decimal("14"), available=False),
    Item(item_id="lamp-1", product_id="lamp", title="Lamp", price=Decimal("80.05")),
    Item(item_id="rug-1", product_id="rug", title="Rug"),
    Item(item_id="tea-1", product_id="tea", title="Tea", price=Decimal("4"), currency="EUR"),
)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Counter:
    """A shop with its tools, as one conversation of Mina's uses it."""

    store: ShopStore
    clock: Clock
    confirmations: ShopConfirmations
    session: Session = field(default_factory=lambda: Session(MINA, "thread-1", "turn-1"))

    async def use(self, tool: str, session: Session | None = None, **arguments: object) -> Outcome:
        found = {each.name: each for each in shop_tools(self.store, self.confirmations)}[tool]
        return await found(found.arguments.model_validate(arguments), session or self.session)

    async def again(self, tool: str, **arguments: object) -> Outcome:
        """In a turn of its own."""
        return await self.use(tool, Session(MINA, "thread-1", uuid.uuid4().hex), **arguments)

    async def do(self, tool: str, **arguments: object) -> Outcome:
        """Proposed and accepted; a refused proposal as it is."""
        proposed = await self.use(tool, **arguments)
        if proposed.action.status != "proposed":
            return proposed
        return await self.confirmations.decide(proposed.action.action_id or "", True, self.session)

    def orders(self, user_id: str = MINA) -> tuple[Order, ...]:
        with self.store.database.reading() as connection:
            return read_orders(connection, user_id)

    def log(self, user_id: str = MINA):
        with self.store.database.reading() as connection:
            return read_log(connection, user_id)

    def put(self, *items: Item) -> None:
        assert isinstance(self.store.shelf, StoredShelf)
        self.store.shelf.put(items)

    def balance(self) -> Decimal | None:
        with self.store.database.reading() as connection:
            method = read_account(connection, MINA).method("gift_1")
        return method.balance if method else None


def fill(store: ShopStore) -> None:
    """Mina's account, a pending order and a delivered one; one of Noor's."""
    assert isinstance(store.shelf, StoredShelf)
    store.shelf.put(ITEMS)
    with store.database.writing("fill") as connection:
        save_account(
            connection,
            Account(
                user_id=MINA,
                first_name="Mina",
                last_name="Park",
                email="mina@example.com",
                address=HOME,
                methods=(CARD, PAYPAL, GIFT),
            ),
        )
        save_order(connection, order("W1", "pending"))
        save_order(connection, order("W2", "delivered").model_copy(update={"delivered_at": NOW - timedelta(days=20)}))
        save_order(connection, order("W3", "pending").model_copy(update={"user_id": NOOR}))


def order(order_id: str, status: str) -> Order:
    """Two small mugs and a lamp, paid by card: 98.25."""
    lines = (
        Line(**ITEMS[0].model_dump(include={"item_id", "product_id", "title", "options", "price"}), quantity=2),
        Line(**ITEMS[3].model_dump(include={"item_id", "product_id", "title", "options", "price"})),
    )
    return Order.model_validate(
        {
            "order_id": order_id,
            "user_id": MINA,
            "status": status,
            "lines": lines,
            "address": HOME,
            "payments": (Payment(kind="payment", method_id="card_1", amount=Decimal("98.25")),),
            "placed_at": NOW - timedelta(days=50),
        }
    )
