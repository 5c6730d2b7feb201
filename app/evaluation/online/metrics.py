"""Figures of an arm. Shoppers are dealt to arms, so the shopper is the unit: what one does hangs together.

Every figure is a sum over shoppers by a sum over shoppers, with the delta method's variance (Deng, Knoblich and Lu
2018, "Applying the Delta Method in Metric Analytics").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from app.evaluation.online.attribution import Card

LEVEL = 0.95
Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shopper:
    """Sums over one shopper's cards."""

    answers: int
    cards: int
    clicks: int
    carts: int
    purchases: int
    revenue: float


@dataclass(frozen=True, slots=True)
class Metric:
    """`over` of a shopper by `under` of it."""

    name: str
    says: str
    over: Callable[[Shopper], float]
    under: Callable[[Shopper], float]


METRICS = (
    Metric("ctr", "clicked cards by cards shown", lambda one: one.clicks, lambda one: one.cards),
    Metric("add_to_cart", "cards put into the cart by answers", lambda one: one.carts, lambda one: one.answers),
    Metric("conversion", "shoppers who bought by shoppers", lambda one: float(one.purchases > 0), lambda _: 1.0),
    Metric("revenue", "of what was shown, by shoppers", lambda one: one.revenue, lambda _: 1.0),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """`variance` is that of `value`; None with fewer than two shoppers."""

    value: float
    variance: float | None
    shoppers: int

    @property
    def interval(self) -> tuple[float, float] | None:
        if self.variance is None:
            return None
        half = float(stats.t.ppf((1 + LEVEL) / 2, self.shoppers - 1)) * sqrt(self.variance)
        return self.value - half, self.value + half


def shoppers_of(cards: Iterable[Card]) -> dict[str, Shopper]:
    """Everybody who was shown something."""
    own = defaultdict[str, list[Card]](list)
    for card in cards:
        own[card.user_id].append(card)
    return {user_id: _summed(each) for user_id, each in own.items()}


def figure(metric: Metric, shoppers: Sequence[Shopper]) -> Figure | None:
    """None when nothing was shown to anybody."""
    return ratio(*sums_of(metric, shoppers))


def sums_of(metric: Metric, shoppers: Sequence[Shopper]) -> tuple[Sums, Sums]:
    """What is divided and what it is divided by, a number a shopper."""
    over = np.array([metric.over(one) for one in shoppers], dtype=np.float64)
    return over, np.array([metric.under(one) for one in shoppers], dtype=np.float64)


def ratio(over: Sums, under: Sums) -> Figure | None:
    if not under.sum():
        return None
    value, n = float(over.sum() / under.sum()), len(over)
    if n < 2:
        return Figure(value, None, n)
    residual = (over - value * under) / under.mean()
    return Figure(value, float(residual.var(ddof=1)) / n, n)


def _summed(cards: Sequence[Card]) -> Shopper:
    return Shopper(
        answers=len({card.run_id for card in cards}),
        cards=len(cards),
        clicks=sum(card.clicked for card in cards),
        carts=sum(card.carted for card in cards),
        purchases=sum(card.bought for card in cards),
        revenue=sum(card.revenue for card in cards),
    )
