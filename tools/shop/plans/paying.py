"""Which payment method is meant, and whether it can pay."""

from __future__ import annotations

from decimal import Decimal

from tools.shop.plans.plan import method_of
from tools.shop.records import Account, Order, PaymentMethod
from tools.shop.refusals import Refused


def method_or_payer(order: Order, account: Account, method_id: str | None) -> PaymentMethod:
    """The one named, else the one that paid. Raises Refused."""
    if method_id is not None:
        return method_of(account, method_id)
    payers = list(order.paid())
    if not payers:
        raise Refused("no_payment_method", order_id=order.order_id)
    return method_of(account, payers[-1])


def covering(method: PaymentMethod, amount: Decimal) -> None:
    """Raises Refused when a gift card holds too little."""
    if amount > 0 and not method.covers(amount):
        raise Refused(
            "not_enough_balance",
            payment_method_id=method.method_id,
            balance=float(method.balance or 0),
            needed=float(amount),
        )
