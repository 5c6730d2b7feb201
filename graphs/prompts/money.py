"""Amounts of money as a shopper reads them."""

from __future__ import annotations

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩", "JPY": "¥"}
_WITHOUT_DECIMALS = frozenset({"KRW", "JPY"})


def money(amount: float, currency: str) -> str:
    """`$1,299.00`; won and yen without decimals; a currency without a symbol here follows the amount as its code."""
    figure = f"{amount:,.0f}" if currency in _WITHOUT_DECIMALS else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{figure} {currency}"


def limit_money(amount: float, currency: str) -> str:
    """A limit as a shopper would write it: `$500`, and cents only where there are some; a price keeps its cents."""
    return money(amount, currency).replace(".00", "", 1) if round(amount, 2) % 1 == 0 else money(amount, currency)


def number(value: float) -> str:
    """At most two decimals and no trailing zeros: `20`, `4.6`, `0.82`."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")
