"""Requests to do something or to look up the shopper's own things, as calls of tools.

Only an imperative does anything: a question about doing, a supposition and a refusal are read like any other message.
What an order or an item is called is resolved here as far as the conversation tells; the rest goes along in words:
`order_hint` ("last", "first", "only" where nothing but "my order" was said, "told:ID" for one told of), `item_hint`
("boots", or "all"), `new_item_hint`, `address_hint` and `payment_hint`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphs.conversation.counting import quantity_of
from graphs.conversation.items import Items
from graphs.conversation.language import group, names, patterns, rows, search
from graphs.conversation.memory import Memory
from graphs.conversation.preferences import preference
from graphs.conversation.understood import Unclear, Understood
from retrievers.reading import Vocabulary
from retrievers.titles import Titles
from tools.records import ToolCall

_CART = frozenset(("view_cart", "add_to_cart", "change_cart", "remove_from_cart"))
_ORDERED = frozenset(
    (
        "order_status", "cancel_order", "change_order_address", "change_order_payment", "change_order_items",
        "return_items", "exchange_items",
    )
)  # fmt: skip
_WITH_ITEMS = frozenset(("return_items", "exchange_items", "change_order_items"))
_HINTS = {"place_order": "payment_hint",
          "change_order_address": "address_hint", "change_account_address": "address_hint",
          "change_order_payment": "payment_hint", "exchange_items": "new_item_hint",
          "change_order_items": "new_item_hint"}  # fmt: skip
_ONLY, _TOLD = "only", "told:"
_REMEMBERED = 3  # things said, in the summary for whoever takes over


@dataclass(frozen=True, slots=True)
class _Rule:
    """One row of the data: a pattern of whole messages and the tool it asks for."""

    pattern: re.Pattern[str]
    tool: str
    row: Mapping[str, Any]

    @property
    def reads(self) -> bool:
        return str(self.row["kind"]) == "read"


def requested(message: str, memory: Memory, vocabulary: Vocabulary, titles: Titles) -> Understood | None:
    """None for a message that asks for nothing to be done."""
    said, asked_politely = _plain(message)
    asks = message.rstrip().endswith("?") and not asked_politely and not search("request", "kindly", said)
    about = asks or search("request", "about", said) is not None
    for rule in _rules():
        found = rule.pattern.fullmatch(said)
        if found and (rule.reads or not about or rule.tool == "set_preference"):
            understood = _Request(message, rule, found, memory, vocabulary, titles).understood()
            if understood:
                return understood
    return None


class _Request:
    """One message that matched a rule."""

    def __init__(
        self,
        message: str,
        rule: _Rule,
        found: re.Match[str],
        memory: Memory,
        vocabulary: Vocabulary,
        titles: Titles,
    ) -> None:
        self._message = message
        self._rule = rule
        self._found = found
        self._memory = memory
        self._vocabulary = vocabulary
        self._items = Items(memory, vocabulary, titles)

    def understood(self) -> Understood | None:
        tool, row = self._rule.tool, self._rule.row
        if "after" in row and not self._follows(row["after"]):
            return None
        if tool == "set_preference":
            arguments = preference(row, self._group("value"), self._group("what"), self._vocabulary)
            return self._call(arguments) if arguments else None
        if tool == "hand_over":
            return self._call({"summary": self._summary()})
        if tool == "add_to_cart" or "adds" in row:
            return self._add()
        if tool in ("change_cart", "remove_from_cart"):
            return None if search("refine", "drop", self._message) else self._change()
        if tool in _ORDERED:
            return self._order()
        to = self._group("to")
        return self._call({_HINTS[tool]: to} if to and tool in _HINTS else {})

    def _add(self) -> Understood | None:
        """Everything named is added, one call a product; with `adds` the order is proposed after that."""
        found = self._items.shown(self._group("what") or "", pointed="pointed" in self._rule.row)
        if found is None:
            return None
        if found.unclear:
            return Understood(self._message, unclear=found.unclear)
        if "adds" in self._rule.row and self._is_in_cart(found.product_ids):
            return self._call({})
        calls = [ToolCall("add_to_cart", {"item_id": one, "quantity": found.quantity}) for one in found.product_ids]
        last = (ToolCall("place_order"),) if "adds" in self._rule.row else ()
        return Understood(self._message, call=calls[0], then=(*calls[1:], *last))

    def _is_in_cart(self, product_ids: Sequence[str]) -> bool:
        """ "Buy it now" of what the turn before put there asks for no second one."""
        last = self._memory.last
        return last is not None and last.tool in _CART and set(product_ids) <= set(last.items)

    def _change(self) -> Understood:
        count = self._group("count")
        quantity = {"quantity": quantity_of(count)} if count else {}
        if self._rule.row.get("all"):
            return self._call({"item_hint": "all"})
        item = self._items.told(self._group("what") or "")
        if isinstance(item, Unclear):
            return Understood(self._message, unclear=item)
        return self._call({**item, **quantity})

    def _order(self) -> Understood:
        tool, to = self._rule.tool, self._group("to")
        arguments: dict[str, Any] = self._which_order()
        if tool in _WITH_ITEMS:
            item = {"item_hint": "all"} if self._rule.row.get("all") else self._items.ordered(self._group("what") or "")
            if isinstance(item, Unclear):
                return Understood(self._message, unclear=item)
            arguments |= item
        if to and tool in _HINTS:
            arguments[_HINTS[tool]] = to
        reason = self._reason()
        return self._call(arguments | ({"reason": reason} if reason and tool == "cancel_order" else {}))

    def _which_order(self) -> dict[str, str]:
        """An order by its number, else the one this conversation told of last, else words for it."""
        number = self._group("order_id") or self._group("order_bare")
        told = next((turn.orders for turn in reversed(self._memory.turns) if turn.orders), ())
        if number:
            bare = _bare(number)
            everywhere = (order for turn in self._memory.turns for order in turn.orders)
            return {"order_id": next((order for order in everywhere if _bare(order) == bare), number.replace(" ", ""))}
        for place in ("last", "first"):
            if self._group(f"order_{place}") or self._rule.row.get("hint") == place:
                return {"order_hint": place}
        return {"order_hint": f"{_TOLD}{told[0]}" if len(told) == 1 else _ONLY}

    def _reason(self) -> str | None:
        """As the shop's policy spells it, else as it was said."""
        said = self._group("reason")
        return next((name for name in names("reasons") if said and search("reasons", name, said)), said)

    def _follows(self, what: str) -> bool:
        last = self._memory.last
        if last is None:
            return False
        return last.tool in _CART if what == "cart" else bool(last.orders)

    def _summary(self) -> str:
        earlier = [turn.said for turn in self._memory.turns[-_REMEMBERED:]]
        return "\n".join([*earlier, self._message])

    def _call(self, arguments: Mapping[str, Any]) -> Understood:
        return Understood(self._message, call=ToolCall(self._rule.tool, arguments))

    def _group(self, name: str) -> str | None:
        return group(self._found, name)


def _plain(message: str) -> tuple[str, bool]:
    """Without politeness around it, and whether it was asked for politely ("could you ...")."""
    said, asked = message.strip().rstrip("?!.~… ").strip(), False
    while True:
        found = next((m for pattern in patterns("request", "polite") if (m := pattern.match(said)) and m.end()), None)
        if found is None or found.end() >= len(said):
            return said, asked
        asked = asked or bool(found.groupdict().get("asking"))
        said = said[found.end() :]


def _bare(order_id: str) -> str:
    return re.sub(r"\W", "", order_id).casefold()


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return tuple(_Rule(re.compile(says, re.IGNORECASE), str(row["tool"]), row) for _, says, row in rows("requests"))
