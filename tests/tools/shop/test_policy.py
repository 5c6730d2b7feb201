from __future__ import annotations

import pytest

from tools.shop.policy import SHIPPED, PolicyError, ShopPolicy


def test_the_shipped_policy_lets_pending_orders_change_and_delivered_ones_come_back():
    policy = ShopPolicy.load()

    assert policy.cancel.statuses == policy.change.statuses == ("pending",)
    assert policy.returning.statuses == policy.exchange.statuses == ("delivered",)
    assert policy.returning.window_days is None
    assert policy.order.spending_limit is None
    assert policy.refund_days["gift_card"] == (0, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max_quantity = 20", "max_quantity = 0", "order.max_quantity"),
        ("max_quantity = 20", "max_qantity = 20", "order.max_quantity"),
        ('["delivered"]', '["arrived"]', "return.statuses"),
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
