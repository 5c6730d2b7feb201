from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tools.shop.policy import SHIPPED, PolicyError, Season, ShopPolicy


def test_the_shipped_policy_lets_pending_orders_change_and_delivered_ones_come_back():
    policy = ShopPolicy.load()

    assert policy.cancel.statuses == policy.change.statuses == ("pending",)
    assert policy.returning.statuses == policy.exchange.statuses == ("delivered",)
    assert policy.returning.window_days == policy.exchange.window_days == 30
    assert policy.order.spending_limit is None
    assert policy.refund_days["gift_card"] == (0, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max_quantity = 20", "max_quantity = 0", "order.max_quantity"),
        ("max_quantity = 20", "max_qantity = 20", "order.max_quantity"),
        ('["delivered"]', '["arrived"]', "return.statuses"),
        ('"11-15"', '"15 November"', "return.seasons.0.ordered"),
        ("[cancel]", "[cancel", "cannot be read"),
    ],
)
def test_a_policy_that_cannot_hold_is_refused_in_one_line(tmp_path, old, new, message):
    path = tmp_path / "policy.toml"
    shipped = SHIPPED.read_text()
    assert old in shipped
    path.write_text(shipped.replace(old, new))

    with pytest.raises(PolicyError, match=message) as found:
        ShopPolicy.load(path)

    assert "\n" not in str(found.value)


def test_a_missing_policy_is_told(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read"):
        ShopPolicy.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("placed", "days"),
    [((11, 14), 30), ((11, 15), 60), ((12, 31), 60), ((1, 1), 30), (None, 30)],
)
def test_what_is_ordered_in_a_season_may_come_back_for_longer(placed, days):
    when = None if placed is None else datetime(2026, *placed, 12, tzinfo=UTC)

    assert ShopPolicy.load().returning.window(when) == days


def test_a_season_may_go_over_the_turn_of_the_year():
    winter = Season(ordered=("12-20", "01-06"), window_days=60)

    held = [winter.holds(datetime(2026, *day, tzinfo=UTC)) for day in ((12, 19), (12, 20), (1, 6), (1, 7))]
    assert held == [False, True, True, False]
