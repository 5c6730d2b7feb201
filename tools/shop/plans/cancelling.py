"""A pending order is cancelled and its money given back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.shop.accounts import save_account
from tools.shop.orders import save_order
from tools.shop.plans.plan import Desk, Intent, Plan
from tools.shop.receipts import order_receipt, refund_receipt
from tools.shop.records import Payment
from tools.shop.refusals import Refused


class CancelOrder(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: str = Field(description="The order's number.")
    reason: str | None = Field(
        default=None, description="Why: 'no longer needed' or 'ordered by mistake'; leave it out when it was not said."
    )


def _plan(desk: Desk, arguments: CancelOrder) -> Plan:
    order, account = desk.order(arguments.order_id), desk.account()
    desk.policy.cancel.check(order, desk.now, "not_pending")
    reason = arguments.reason or desk.policy.cancel.unsaid
    if reason not in desk.policy.cancel.reasons:
        raise Refused("reason_not_allowed", order_id=order.order_id, allowed=list(desk.policy.cancel.reasons))
    paid = order.paid()
    refunds = tuple(Payment(kind="refund", method_id=method, amount=amount) for method, amount in paid.items())
    cancelled = order.model_copy(
        update={
            "status": "cancelled",
            "cancel_reason": reason,
            "payments": (*order.payments, *refunds),
        }
    )
    preview = order_receipt(cancelled, account) | {"refund": refund_receipt(account, paid, desk.policy)}

    def carry_out(action_id: str) -> dict[str, object]:
        refunded = account
        for method_id, amount in paid.items():
            refunded = refunded.moved(method_id, amount)
        if refunded != account:
            save_account(desk.connection, refunded)
        save_order(desk.connection, cancelled)
        desk.put_back(order.lines)
        return preview

    return Plan(preview, {"order": order.version}, order_receipt(order, account), carry_out)


CANCEL_ORDER = Intent(
    "cancel_order",
    "Cancel a pending order as a whole and give the money back the way it was paid. The shopper must confirm.",
    CancelOrder,
    _plan,
)
