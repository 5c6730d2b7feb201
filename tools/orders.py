"""What the shopper has ordered, and what can still be done about it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.shop.confirmations import ShopConfirmations
from tools.shop.kinds import ConfirmTool, ReadTool
from tools.shop.orders import read_orders
from tools.shop.plans.after_sales import EXCHANGE_ITEMS, RETURN_ITEMS
from tools.shop.plans.cancelling import CANCEL_ORDER
from tools.shop.plans.changing import CHANGE_ORDER_ADDRESS, CHANGE_ORDER_ITEMS, CHANGE_ORDER_PAYMENT
from tools.shop.plans.placing import PLACE_ORDER
from tools.shop.plans.plan import Desk
from tools.shop.receipts import Receipt, order_receipt, orders_receipt
from tools.shop.store import ShopStore
from tools.tool import Tool

ORDER_INTENTS = (
    PLACE_ORDER,
    CANCEL_ORDER,
    CHANGE_ORDER_ADDRESS,
    CHANGE_ORDER_PAYMENT,
    CHANGE_ORDER_ITEMS,
    RETURN_ITEMS,
    EXCHANGE_ITEMS,
)


class ListOrders(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int = Field(default=10, ge=1, le=100, description="How many, the newest first.")


class OrderStatus(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order_id: str = Field(description="The order's number.")


def order_tools(store: ShopStore, confirmations: ShopConfirmations) -> tuple[Tool, ...]:
    reads = (
        ReadTool("list_orders", "The shopper's orders, the newest first.", ListOrders, store, _list),
        ReadTool(
            "order_status",
            "Where one order stands: its status, items, total, payment, address and parcels.",
            OrderStatus,
            store,
            _status,
        ),
    )
    return (*reads, *(ConfirmTool(intent, confirmations) for intent in ORDER_INTENTS))


def _list(desk: Desk, arguments: ListOrders) -> Receipt:
    return orders_receipt(read_orders(desk.connection, desk.user_id, arguments.limit), desk.account())


def _status(desk: Desk, arguments: OrderStatus) -> Receipt:
    return order_receipt(desk.order(arguments.order_id), desk.account())
