from __future__ import annotations

from datetime import date, timedelta

import pytest

from retrievers.purchases.together import BoughtTogether

MONDAY = date(2026, 1, 5)


def counted(*orders: tuple[str, ...], times: int = 100) -> BoughtTogether:
    together = BoughtTogether()
    for _ in range(times):
        for products in orders:
            together.record(products, MONDAY)
    return together


def test_strength_is_the_cosine_of_the_orders() -> None:
    together = counted(("shoe", "sock"), ("shoe",), ("mug",))
    found = together.neighbours("shoe", MONDAY + timedelta(days=1))
    assert found == {"sock": pytest.approx(100 / (205 * 105) ** 0.5, abs=1e-4)}
    assert together.neighbours("mug", MONDAY + timedelta(days=1)) == {}
    assert together.neighbours("unheard of", MONDAY + timedelta(days=1)) == {}


def test_the_strongest_come_first_and_no_more_than_are_of_use() -> None:
    orders = [("shoe", "sock"), ("shoe", "sock"), ("shoe", "belt"), *((f"x{n}", "shoe") for n in range(40))]
    found = counted(*orders).neighbours("shoe", MONDAY + timedelta(days=1))
    assert next(iter(found)) == "sock"
    assert len(found) == 20
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_a_single_meeting_of_two_things_that_sell_alone_is_no_company() -> None:
    together = counted(("shoe",), ("mug",))
    together.record(("shoe", "mug"), MONDAY)
    assert together.neighbours("shoe", MONDAY + timedelta(days=1)) == {}


def test_what_a_day_says_is_known_the_day_after() -> None:
    together = counted(("shoe", "sock"))
    assert together.neighbours("shoe", MONDAY) == {}
    assert "sock" in together.neighbours("shoe", MONDAY + timedelta(days=1))
