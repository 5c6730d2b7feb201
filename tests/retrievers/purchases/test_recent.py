from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrievers.purchases.recent import RecentShares

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEAR = 24 * 365


def test_a_share_is_of_orders_whatever_else_they_hold() -> None:
    shares = RecentShares()
    for number in range(YEAR):
        shares.record(("tea", "cup") if number % 4 == 0 else ("cup",), START + number * HOUR)
    now = START + YEAR * HOUR
    assert shares.share("tea", now) == pytest.approx(0.25, abs=0.01)
    assert shares.share("cup", now) == pytest.approx(1.0, abs=0.01)
    assert shares.trend("tea", now) == pytest.approx(1.0, abs=0.02)
    assert shares.products() == ("cup", "tea")


def test_what_sells_since_last_week_has_risen_and_what_no_longer_does_has_fallen() -> None:
    shares = RecentShares()
    for number in range(YEAR):
        shares.record(("rising",) if number > YEAR - 24 * 7 else ("falling",), START + number * HOUR)
    now = START + YEAR * HOUR
    rising, falling = shares.trend("rising", now), shares.trend("falling", now)
    assert rising is not None
    assert falling is not None
    assert rising > 10
    assert falling < 0.7


def test_one_sale_of_a_rare_product_is_no_trend() -> None:
    shares = RecentShares()
    for number in range(YEAR):
        shares.record(("rare", "cup") if number == YEAR - 1 else ("cup",), START + number * HOUR)
    trend = shares.trend("rare", START + YEAR * HOUR)
    assert trend is not None
    assert 1 < trend < 2
