"""What is to be predicted: each returning shopper's last order, from what was known just before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retrievers.purchases import Order


@dataclass(frozen=True, slots=True)
class Target:
    """Nothing that happened at `cut` or later may be known."""

    shopper_id: str
    cut: datetime
    products: frozenset[str]


def last_orders(orders: Sequence[Order]) -> list[Target]:
    """By time, of shoppers with two orders or more; `orders` must be sorted by time."""
    counts = Counter(order.shopper_id for order in orders)
    latest = {order.shopper_id: order for order in orders if counts[order.shopper_id] > 1}
    targets = [Target(order.shopper_id, order.time, frozenset(order.products)) for order in latest.values()]
    return sorted(targets, key=lambda target: (target.cut, target.shopper_id))
