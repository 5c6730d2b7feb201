"""Every tool over the shop's store, and who takes the shopper's word."""

from __future__ import annotations

from tools.account import ACCOUNT_INTENTS, account_tools
from tools.calculator import CalculateTool
from tools.cart import cart_tools
from tools.handover import handover_tools
from tools.options import option_tools
from tools.orders import ORDER_INTENTS, order_tools
from tools.shop.confirmations import Heard, ShopConfirmations
from tools.shop.store import ShopStore
from tools.tool import Tool


def shop_confirmations(store: ShopStore, heard: Heard = lambda point: None) -> ShopConfirmations:
    return ShopConfirmations(store, (*ORDER_INTENTS, *ACCOUNT_INTENTS), heard)


def shop_tools(store: ShopStore, confirmations: ShopConfirmations) -> tuple[Tool, ...]:
    """What they propose must be decided by the same `confirmations`, or by others on the same store."""
    return (
        *option_tools(store),
        *cart_tools(store),
        *order_tools(store, confirmations),
        *account_tools(store, confirmations),
        *handover_tools(store),
        CalculateTool(),
    )
