"""Each tool of the world as a tool of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.evaluation.tau_retail.dataset import GoldAction, Row
from app.evaluation.tau_retail.shapes import address_of
from tools.records import ToolCall

Arguments = Mapping[str, Any]

THINKING = frozenset({"think"})  # changes nothing and tells nothing: there is nothing to do
SIGNING_IN = frozenset({"find_user_id_by_email", "find_user_id_by_name_zip"})  # done before a conversation, not by it


def call_of(action: GoldAction) -> ToolCall | None:
    """None when there is no tool for it, or not with these arguments."""
    if action.name not in _CALLS:
        return None
    tool, translate = _CALLS[action.name]
    try:
        return ToolCall(tool, translate(action.arguments))
    except KeyError:
        return None


def _addressed(row: Row) -> dict[str, Any]:
    rest = {key: value for key, value in row.items() if key == "order_id"}
    return rest | {"address": address_of(row).model_dump()}


def _as_it_is(row: Row) -> Arguments:
    return row


def _without(*names: str) -> Callable[[Row], Arguments]:
    return lambda row: {key: value for key, value in row.items() if key not in names}


_CALLS: Mapping[str, tuple[str, Callable[[Row], Arguments]]] = {
    "calculate": ("calculate", _as_it_is),
    "cancel_pending_order": ("cancel_order", _as_it_is),
    "exchange_delivered_order_items": ("exchange_items", _as_it_is),
    "get_order_details": ("order_status", _as_it_is),
    "get_product_details": ("product_options", _as_it_is),
    "get_user_details": ("view_account", _without("user_id")),
    "list_all_product_types": ("list_products", _as_it_is),
    "modify_pending_order_address": ("change_order_address", _addressed),
    "modify_pending_order_items": ("change_order_items", _as_it_is),
    "modify_pending_order_payment": ("change_order_payment", _as_it_is),
    "modify_user_address": ("change_account_address", _addressed),
    "return_delivered_order_items": ("return_items", _as_it_is),
    "transfer_to_human_agents": ("hand_over", _as_it_is),
}
