"""Why something is not done: codes, never prose, so that every language can say them."""

from __future__ import annotations

from typing import Any, Literal, get_args

Reason = Literal[
    "changed",  # `what` differs from the preview: cart, order, account or price; `now` is how it would look
    "counts_differ",  # as many new items as old ones are needed
    "declined",
    "empty_cart",
    "expired",
    "forgotten",  # the conversation, by the shopper, while this was being done in it
    "invalid_arguments",  # `fields`: the names of what is missing or malformed
    "mixed_currencies",
    "no_address",
    "no_payment_method",
    "not_delivered",
    "not_enough_balance",
    "not_in_cart",
    "not_in_order",
    "not_pending",
    "not_signed_in",
    "other_product",
    "payment_already_changed",
    "price_unknown",
    "reason_not_allowed",
    "refund_method_not_allowed",
    "same_payment_method",
    "sold_out",
    "spending_limit",
    "too_late",
    "too_many",
    "unavailable",  # the shop's store or shelf cannot be read now: nothing was done
    "unknown_action",
    "unknown_item",
    "unknown_order",  # also somebody else's: nobody learns that it exists
    "unknown_payment_method",
    "unknown_product",
]

REASONS: tuple[Reason, ...] = get_args(Reason)


class Refused(Exception):
    """Nothing was done, and why: a code and what it names, as plain JSON."""

    def __init__(self, reason: Reason, **named: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.named = named

    def receipt(self) -> dict[str, Any]:
        return {"reason": self.reason, **self.named}
