from __future__ import annotations

import pytest

from retrievers.purchases.again import Repurchases

KINDS = {"blend": "coffee", "decaf": "coffee", "parka": "coat", "anorak": "coat", "mug": "mug"}


def bought(*orders: tuple[str, ...], times: int = 1) -> Repurchases:
    """The orders of as many shoppers as `times`, who all buy alike."""
    counted = Repurchases(KINDS)
    for _ in range(times):
        owned: dict[str, int] = {}
        for products in orders:
            counted.record(products, owned)
            owned |= dict.fromkeys(products, 1)
    return counted


def test_the_rate_is_the_share_of_later_orders_once_there_are_many() -> None:
    counted = bought(("blend",), ("blend",), ("mug",), ("blend", "mug"), times=500)
    assert counted.rate("blend") == pytest.approx(2 / 3, abs=0.02)
    assert counted.rate("mug") == pytest.approx(1.0, abs=0.02)


def test_a_product_with_few_buyers_is_like_its_kind() -> None:
    counted = bought(("blend", "parka"), ("blend",), ("blend",), times=30)
    assert counted.rate("decaf") > 0.9
    assert counted.rate("anorak") < 0.05


def test_what_everybody_buys_every_week_does_not_speak_for_other_kinds() -> None:
    counted = bought(("blend", "parka", "mug"), ("blend",), ("blend",), times=30)
    assert counted.rate("something of no kind") < 0.05


def test_without_a_later_order_nothing_is_expected() -> None:
    assert bought(("parka",)).rate("parka") == 0.0
