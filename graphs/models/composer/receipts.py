"""A receipt in words: its lines, amounts, addresses and days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphs.models.composer.turn import ComposerTurn, cite
from graphs.prompts.money import money
from tools.records import Action

Receipt = Mapping[str, Any]


class Telling:
    """One action and the phrases that tell of it."""

    def __init__(self, marker: str, action: Action, turn: ComposerTurn) -> None:
        self.action = action
        self.receipt: Receipt = action.receipt or {}
        self._marker, self._turn = marker, turn
        self._currency = str(self.receipt.get("currency") or turn.sources.currency)

    def say(self, key: str, **named: Any) -> str:
        return self._turn.phrases.text("actions", key, **{**self.params(), **named})

    def cart(self) -> str:
        """What the cart holds now; without a total while a price is unknown."""
        cart = self.receipt.get("cart") or {}
        if not cart.get("lines"):
            return self.say("cart_empty")
        if cart.get("total") is None:
            return self.say("cart_unpriced")
        return self.say("cart_now", cart_total=self._money(cart["total"]))

    def money_moved(self) -> Iterator[str]:
        """Refunds and differences; of a proposal in the conditional."""
        refund, difference = self.receipt.get("refund"), self.receipt.get("difference")
        for part in (refund or {}).get("parts", [refund] if refund else []):
            key = "refund" if self.action.status == "done" else "refund_proposed"
            yield self.say(key, amount=self._money(part["amount"]), to=self._label(part["to"]), when=self._when(part))
        if difference:
            key = "difference_pay" if difference > 0 else "difference_back"
            yield self.say(key, amount=self._money(abs(difference)))

    def params(self) -> dict[str, Any]:
        """Everything a phrase may name; what the receipt does not hold is left out."""
        receipt = {**self.action.arguments, **(self.receipt.get("account") or {}), **self.receipt}
        held = {name: value for name, value in receipt.items() if isinstance(value, str | int | float)}
        held |= {"cite": cite([self._marker])}
        for name, words in self._worded(receipt):
            held[name] = words
        return held

    def _worded(self, receipt: Receipt) -> Iterator[tuple[str, str]]:
        phrases = self._turn.phrases
        if receipt.get("lines"):
            yield "lines", self._lines(receipt["lines"])
        if isinstance(receipt.get("total"), int | float):
            yield "total", self._money(receipt["total"])
        if receipt.get("payment"):
            yield "payment", self._label(receipt["payment"])
        if receipt.get("payment_methods"):
            yield "payments", ", ".join(map(self._label, receipt["payment_methods"]))
        if isinstance(receipt.get("address"), Mapping):
            yield "address", ", ".join(str(part) for part in receipt["address"].values() if part)
        if receipt.get("status"):
            yield "state", phrases.table["states"].get(receipt["status"], receipt["status"])
        if receipt.get("orders"):
            yield "orders", ", ".join(self._order(order) for order in receipt["orders"])
        if (receipt.get("cart") or {}).get("lines"):
            yield "cart", self._lines(receipt["cart"]["lines"])
        if receipt.get("allowed"):
            yield "allowed", ", ".join(map(str, receipt["allowed"]))
        if self.action.tool == "set_preference":
            yield "preference", phrases.table["preferences"].get(str(receipt.get("name")), "")
            yield "value", self._preference(str(receipt.get("name")), receipt.get("value"))
        if known := self._preferences(receipt.get("preferences")):
            yield "preferences", known

    def _preferences(self, held: Receipt | None) -> str:
        table = self._turn.phrases.table["preferences"]
        known = {name: value for name, value in (held or {}).items() if value and name in table}
        return "; ".join(f"{table[name]}: {self._preference(name, value)}" for name, value in known.items())

    def _preference(self, name: str, value: Any) -> str:
        if isinstance(value, int | float) and "budget" in name:
            return self._money(value)
        if isinstance(value, Mapping):
            return ", ".join(f"{key} {each}" for key, each in value.items())
        return self._turn.phrases.plain(value)

    def _lines(self, lines: Sequence[Receipt]) -> str:
        return ", ".join(self._line(line) for line in lines)

    def _line(self, line: Receipt) -> str:
        options = ", ".join(str(value) for value in (line.get("options") or {}).values())
        named = {"title": f"{line['title']}, {options}" if options else line["title"]}
        named["quantity"] = line.get("quantity", 1)
        if line.get("price") is None:
            return self._turn.phrases.text("actions", "line_unpriced", **named)
        return self._turn.phrases.text("actions", "line", price=self._money(line["price"]), **named)

    def _order(self, order: Receipt) -> str:
        action = Action(self.action.tool, {}, "done", order)
        return self._turn.phrases.text("actions", "order", **Telling(self._marker, action, self._turn).params())

    def _when(self, refund: Receipt) -> str:
        when = refund.get("when") or {}
        low, high = when.get("min_days", 0), when.get("max_days", 0)
        if not high:
            return self._turn.phrases.text("actions", "at_once")
        return self._turn.phrases.text("actions", "in_days", days=str(high) if low == high else f"{low}-{high}")

    def _label(self, payment: Any) -> str:
        """A way to pay as a shopper knows it; one that moves no money is called what it is."""
        if not isinstance(payment, Mapping):
            return str(payment)
        if payment.get("kind") == "mock":
            return self._turn.phrases.text("actions", "mock")
        return str(payment.get("label") or payment.get("id")).replace("_", " ")

    def _money(self, amount: Any) -> str:
        return money(float(amount), self._currency)
