"""Plays a year of orders again and stops before each target, so that only the past is there to be read."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from app.evaluation.personalization.as_of import AsOf
from app.evaluation.personalization.targets import Target
from retrievers.features.protocol import FeatureSource
from retrievers.purchases import Order, PurchaseLedger

MONTH = timedelta(days=28)  # four whole weeks


@dataclass(frozen=True, slots=True)
class Moment:
    """What there was to know just before a target; valid until the replay goes on. Lists are most bought first."""

    target: Target
    source: FeatureSource
    popular: Sequence[str]
    popular_28d: Sequence[str]


Replay = Callable[[Sequence[Order], Sequence[Target], Mapping[str, str]], Iterator[Moment]]


def point_in_time(orders: Sequence[Order], targets: Sequence[Target], kinds: Mapping[str, str]) -> Iterator[Moment]:
    """`orders` and `targets` by time; what happens at the same moment as a target comes after it."""
    ledger, month = PurchaseLedger(kinds), _Month()
    latest: dict[str, Order] = {}
    waiting = deque(targets)
    for time, group in groupby(orders, key=lambda order: order.time):
        while waiting and waiting[0].cut <= time:
            target = waiting.popleft()
            yield Moment(target, AsOf(ledger, latest), ledger.products(), month.products(target.cut))
        for order in group:
            ledger.record(order)
            month.record(order)
            latest[order.shopper_id] = order
    for target in waiting:
        yield Moment(target, AsOf(ledger, latest), ledger.products(), month.products(target.cut))


class _Month:
    """Orders of the last 28 days by product."""

    def __init__(self) -> None:
        self._orders: deque[Order] = deque()
        self._counts: Counter[str] = Counter()

    def record(self, order: Order) -> None:
        self._orders.append(order)
        self._counts.update(order.products)

    def products(self, at: datetime) -> list[str]:
        while self._orders and self._orders[0].time < at - MONTH:
            self._counts.subtract(self._orders.popleft().products)
        return sorted((p for p, count in self._counts.items() if count > 0), key=lambda p: (-self._counts[p], p))
