"""The shopper's own account: name, address, and how they pay."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tools.shop.confirmations import ShopConfirmations
from tools.shop.kinds import ConfirmTool, ReadTool
from tools.shop.plans.plan import Desk
from tools.shop.plans.profile import CHANGE_ACCOUNT_ADDRESS
from tools.shop.receipts import Receipt, account_receipt
from tools.shop.store import ShopStore
from tools.tool import Tool

ACCOUNT_INTENTS = (CHANGE_ACCOUNT_ADDRESS,)


class ViewAccount(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def account_tools(store: ShopStore, confirmations: ShopConfirmations) -> tuple[Tool, ...]:
    view = ReadTool(
        "view_account", "The shopper's name, e-mail, address and payment methods.", ViewAccount, store, _view
    )
    return (view, *(ConfirmTool(intent, confirmations) for intent in ACCOUNT_INTENTS))


def _view(desk: Desk, arguments: ViewAccount) -> Receipt:
    return account_receipt(desk.account())
