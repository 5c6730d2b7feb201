"""Orders replayed by event time. Whatever is read from the ledger was known before the moment it is read for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from retrievers.purchases.again import Repurchases
from retrievers.purchases.order import Order
from retrievers.purchases.recent import RecentShares
from retrievers.purchases.together import BoughtTogether
from retrievers.records import ItemFacts

KEPT = 100  # products a shopper's feature holds: 5% of the heaviest buyers have more, and it is read every turn


class FromTheFuture(ValueError):
    """A feature was asked for as of a time the ledger is already past, or an order came out of turn."""


class PurchaseLedger:
    """Takes orders in the order of their times and refuses to say anything about a moment it has reached.

    `kinds` names the kind of each product ("coffee beans"): few buyers say little of a product, but more of its kind.
    """

    def __init__(self, kinds: Mapping[str, str] | None = None) -> None:
        self._latest: datetime | None = None
        self._bought: dict[str, dict[str, tuple[int, int]]] = {}  # shopper -> product -> times, number of last order
        self._last: dict[str, datetime] = {}
        self._orders = 0
        self._recent = RecentShares()
        self._again = Repurchases(kinds or {})
        self._together = BoughtTogether()

    @classmethod
    def of(cls, orders: Iterable[Order], before: datetime, kinds: Mapping[str, str] | None = None) -> PurchaseLedger:
        """Everything that happened before a moment; what happened then or later is left out."""
        ledger = cls(kinds)
        for order in sorted((order for order in orders if order.time < before), key=lambda order: order.time):
            ledger.record(order)
        return ledger

    def record(self, order: Order) -> None:
        """Raises FromTheFuture when an earlier order comes after a later one."""
        if self._latest is not None and order.time < self._latest:
            raise FromTheFuture(f"order {order.order_id} is earlier than what was recorded before it")
        self._latest = self._last[order.shopper_id] = order.time
        self._orders += 1
        own = self._bought.setdefault(order.shopper_id, {})
        self._again.record(order.products, own)
        self._recent.record(order.products, order.time)
        self._together.record(order.products, order.time.date())
        for product in order.products:
            own[product] = (own.get(product, (0, 0))[0] + 1, self._orders)

    def purchased(self, shopper_id: str, at: datetime) -> dict[str, float]:
        """Times each product was bought before `at`: the most often bought first, among equals the latest."""
        self._check(at)
        own = self._bought.get(shopper_id, {})
        ranked = sorted(own, key=lambda product: own[product], reverse=True)
        return {product: float(own[product][0]) for product in ranked[:KEPT]}

    def item(self, product_id: str, at: datetime) -> ItemFacts:
        """Only the facts that orders tell; price and stock are not among them."""
        self._check(at)
        return ItemFacts(
            product_id,
            order_share=self._recent.share(product_id, at),
            trend=self._recent.trend(product_id, at),
            repurchase_rate=self._again.rate(product_id),
            bought_together=self._together.neighbours(product_id, at.date()),
        )

    def products(self) -> tuple[str, ...]:
        """Every product bought so far, the most bought first."""
        return self._recent.products()

    def shoppers(self) -> tuple[str, ...]:
        return tuple(self._bought)

    def last_order(self, shopper_id: str) -> datetime:
        """Raises KeyError for a shopper who never ordered."""
        return self._last[shopper_id]

    def _check(self, at: datetime) -> None:
        if self._latest is not None and self._latest >= at:
            raise FromTheFuture(f"the ledger holds an order of {self._latest}, asked about {at}")
