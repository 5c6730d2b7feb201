"""Turns the shopper's words for orders, items and payments into the ids the tools want, by what the store holds.

A call may carry `order_hint` ("last", "first", "only" where just "my order" was said, or "told:ID" where one was told
of), `item_hint` (words or "all"), `new_item_hint`, `payment_hint` and `address_hint`. Nothing is guessed: two that fit
are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from retrievers.embedding.tokens import tokens
from tools.records import Action, Outcome, Session, ToolCall
from tools.toolbox import Toolbox

_CART = frozenset({"change_cart", "remove_from_cart"})
_STATES = {  # states of an order in which each can be done; "my order" then means the only one of them
    "cancel_order": ("pending",),
    "change_order_address": ("pending",),
    "change_order_payment": ("pending",),
    "change_order_items": ("pending",),
    "return_items": ("delivered",),
    "exchange_items": ("delivered",),
}
_ZIP = re.compile(r"[A-Za-z]{0,2}\d[\w-]{2,}(?: \d\w{2})?$")

Line = Mapping[str, Any]


class _Ask(Exception):
    """Why the call is not clear yet: a reason, and what there is to choose from."""

    def __init__(self, reason: str, **named: Any) -> None:
        super().__init__(reason)
        self.receipt = {"reason": reason, **named}


class Resolver:
    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    async def call(self, call: ToolCall, session: Session) -> Outcome:
        """The call carried out once its words are ids; refused with what to choose from when they are not clear."""
        if not any(name.endswith("_hint") for name in call.arguments):
            return await self._toolbox.call(call, session)
        try:
            arguments = await _Resolution(self._toolbox, call, session).arguments()
        except _Ask as asked:
            plain = {name: value for name, value in call.arguments.items() if not name.endswith("_hint")}
            return Outcome(Action(call.tool, plain, "refused", asked.receipt))
        return await self._toolbox.call(replace(call, arguments=arguments), session)


class _Resolution:
    """One call's words."""

    def __init__(self, toolbox: Toolbox, call: ToolCall, session: Session) -> None:
        self._toolbox, self._call, self._session = toolbox, call, session
        self._hints = {name: str(value) for name, value in call.arguments.items() if name.endswith("_hint")}

    async def arguments(self) -> dict[str, Any]:
        found = {name: value for name, value in self._call.arguments.items() if not name.endswith("_hint")}
        order: Mapping[str, Any] | None = None
        if "order_hint" in self._hints:
            order = await self._order(self._hints["order_hint"])
            found["order_id"] = order["order_id"]
        if "item_hint" in self._hints:
            found |= await self._items(self._hints["item_hint"], order, found)
        if "new_item_hint" in self._hints:
            found["new_item_ids"] = await self._new_items(self._hints["new_item_hint"], found)
        if "payment_hint" in self._hints:
            found["payment_method_id"] = await self._payment(self._hints["payment_hint"])
        if "address_hint" in self._hints:
            found["address"] = address(self._hints["address_hint"])
        return found

    async def _read(self, tool: str, **arguments: Any) -> Mapping[str, Any]:
        outcome = await self._toolbox.call(ToolCall(tool, arguments), self._session)
        receipt = dict(outcome.action.receipt or {})
        if outcome.action.status != "done":
            raise _Ask(str(receipt.pop("reason", "unavailable")), **receipt)
        return receipt

    async def _order(self, hint: str) -> Mapping[str, Any]:
        """The newest comes first in the list."""
        orders = (await self._read("list_orders", limit=100))["orders"]
        if not orders:
            raise _Ask("no_orders")
        if hint in ("first", "last"):
            chosen: Mapping[str, Any] = orders[-1 if hint == "first" else 0]
            return chosen
        told: Mapping[str, Any] | None = next((order for order in orders if f"told:{order['order_id']}" == hint), None)
        states = _STATES.get(self._call.tool)
        fitting = [order for order in orders if order["status"] in states] if states else [told or orders[0]]
        fitting = self._with_item(fitting) or fitting
        if told is not None and (told in fitting or not fitting):
            return told
        if len(fitting) != 1:
            raise _Ask("which_order", orders=fitting or orders)
        only: Mapping[str, Any] = fitting[0]
        return only

    def _with_item(self, orders: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Of several orders the one that holds what was named."""
        hint = self._hints.get("item_hint", "all")
        return [] if hint == "all" else [order for order in orders if _matching(hint, order["lines"])]

    async def _items(self, hint: str, order: Mapping[str, Any] | None, found: Mapping[str, Any]) -> dict[str, Any]:
        if self._call.tool in _CART:
            lines = (await self._read("view_cart"))["cart"]["lines"]
            if hint == "all":
                return {}
            return {"item_id": _one(hint, lines, "not_in_cart")["item_id"]}
        order = order or await self._read("order_status", order_id=found.get("order_id"))
        lines = order["lines"]
        if hint == "all":
            return {"item_ids": tuple(line["item_id"] for line in lines for _ in range(line["quantity"]))}
        return {"item_ids": (_one(hint, lines, "not_in_order", order_id=order["order_id"])["item_id"],)}

    async def _new_items(self, hint: str, found: Mapping[str, Any]) -> tuple[str, ...]:
        """The variant that is as said and otherwise most like the one it replaces."""
        lines = (await self._read("order_status", order_id=found.get("order_id")))["lines"]
        chosen = []
        for item_id in found.get("item_ids", ()):
            old = next((line for line in lines if line["item_id"] == item_id), None)
            if old is None:
                raise _Ask("not_in_order", order_id=found.get("order_id"), item_id=item_id)
            items = (await self._read("product_options", product_id=old["product_id"]))["items"]
            chosen.append(_variant(hint, old, items)["item_id"])
        return tuple(chosen)

    async def _payment(self, hint: str) -> str:
        methods = (await self._read("view_account"))["account"]["payment_methods"]
        said = frozenset(tokens(hint))
        named = [method for method in methods if said & _words_of_payment(method)]
        best = max((len(said & _words_of_payment(method)) for method in named), default=0)
        fitting = [method for method in named if len(said & _words_of_payment(method)) == best]
        if len(fitting) != 1:
            reason = "which_payment_method" if fitting else "unknown_payment_method"
            raise _Ask(reason, payment_methods=methods)
        return str(fitting[0]["id"])


def address(said: str) -> dict[str, str]:
    """`12 Main Street, Apt 4, Springfield, IL 62704, USA` in its parts; asks back when parts are missing."""
    pieces = [" ".join(piece.split()) for piece in said.split(",") if piece.strip()]
    country = pieces.pop() if len(pieces) > 3 and not re.search(r"\d", pieces[-1]) else ""
    if len(pieces) < 3:
        raise _Ask("whole_address")
    region, place = pieces.pop(), pieces.pop()
    code = _ZIP.search(region)
    if code is None or not re.search(r"\d", pieces[0]):
        raise _Ask("whole_address")
    state = region[: code.start()].strip()
    return {
        "line1": pieces[0],
        "line2": ", ".join(pieces[1:]),
        "city": place,
        "state": state,
        "country": country or "USA",
        "zip": code.group(),
    }


def _one(hint: str, lines: Sequence[Line], missing: str, **named: Any) -> Line:
    fitting = _matching(hint, lines)
    if not fitting:
        raise _Ask(missing, **named)
    if len(fitting) > 1:
        raise _Ask("which_item", lines=fitting)
    return fitting[0]


def _matching(hint: str, lines: Sequence[Line]) -> list[Line]:
    """Lines whose name and options hold every word said."""
    said = frozenset(tokens(hint))
    return [line for line in lines if said and said <= _words_of_item(line)]


def _variant(hint: str, old: Line, items: Sequence[Line]) -> Line:
    """The one that is as said ("size 9", "blue") and otherwise most like the old one."""
    others = [item for item in items if item["available"] and item["item_id"] != old["item_id"]]
    said = frozenset(tokens(hint)) - frozenset(tokens(" ".join(old["options"])))
    fitting = [item for item in others if said and said <= _words_of_options(item)]
    alike = max((_shared(item, old) for item in fitting), default=0)
    nearest = [item for item in fitting if _shared(item, old) == alike]
    if not nearest:
        raise _Ask("no_such_variant", items=[item for item in items if item["available"]])
    if len(nearest) > 1:
        raise _Ask("which_item", lines=nearest)
    return nearest[0]


def _shared(item: Line, old: Line) -> int:
    return sum(item["options"].get(name) == value for name, value in old["options"].items())


def _words_of_item(line: Line) -> frozenset[str]:
    return frozenset(tokens(str(line["title"]))) | _words_of_options(line)


def _words_of_options(line: Line) -> frozenset[str]:
    return frozenset(stem for name, value in line["options"].items() for stem in tokens(f"{name} {value}"))


def _words_of_payment(method: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(tokens(f"{method['kind'].replace('_', ' ')} {method['label']}"))
