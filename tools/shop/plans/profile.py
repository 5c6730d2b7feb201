"""The shopper's own address."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.shop.accounts import save_account
from tools.shop.plans.plan import Desk, Intent, Plan
from tools.shop.receipts import Receipt, account_receipt
from tools.shop.records import Address


class ChangeAccountAddress(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address = Field(description="The whole new address.")


def _plan(desk: Desk, arguments: ChangeAccountAddress) -> Plan:
    account = desk.account()
    changed = account.model_copy(update={"address": arguments.address})
    preview: Receipt = {"address": arguments.address.model_dump()}

    def carry_out(action_id: str) -> Receipt:
        save_account(desk.connection, changed)
        return preview

    return Plan(preview, {"account": account.version}, account_receipt(account), carry_out)


CHANGE_ACCOUNT_ADDRESS = Intent(
    "change_account_address",
    "Change the address of the shopper's account, where future orders go. Orders already placed keep theirs. "
    "The shopper must confirm.",
    ChangeAccountAddress,
    _plan,
)
