"""A shop of a few months in which people buy again what they bought before, and what sells changes with the weeks."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from retrievers.purchases import Order

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
PRODUCTS = [f"{10000 + number}" for number in range(120)]


def shop_orders(seed: int = 5) -> list[Order]:
    rng = random.Random(seed)
    orders = []
    for shopper in range(40):
        staples = rng.sample(PRODUCTS, 6)
        for number in range(rng.randint(1, 6)):
            time = START + timedelta(days=rng.uniform(0, 120))
            products = {*rng.sample(staples, 3), *rng.sample(PRODUCTS[:20], 2)}
            orders.append(Order(f"{shopper}-{number}", f"s{shopper:02}", time, tuple(sorted(products))))
    return sorted(orders, key=lambda order: (order.time, order.order_id))


@pytest.fixture(scope="session")
def orders() -> list[Order]:
    return shop_orders()


@pytest.fixture(scope="session")
def titles() -> dict[str, str]:
    return {product: f"Thing number {product}" for product in PRODUCTS}
