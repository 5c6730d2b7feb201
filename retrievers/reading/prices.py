"""Prices as people state them: ranges, limits, currencies."""

from __future__ import annotations

import re

from retrievers.reading.language import cut, patterns
from retrievers.records import FilterItem

_MAGNITUDES = {"만": 10_000.0, "천": 1_000.0, "k": 1_000.0}
_CODES = (  # which currencies a word may mean
    (re.compile(r"usd", re.I), ("USD",)),
    (re.compile(r"\$|dollars?|bucks|달러", re.I), ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")),
    (re.compile(r"€|eur|euros?|유로", re.I), ("EUR",)),
    (re.compile(r"£|gbp|pounds?", re.I), ("GBP",)),
    (re.compile(r"₩|krw|won|원", re.I), ("KRW",)),
)
_NOT_MONEY = re.compile(r"\s*(?:[-x×]|[a-z%\"”″°]+\b)", re.IGNORECASE)  # "16 GB", "27 inch", "600 x 600"
_AFTER_AMOUNT = re.compile(
    r"\s*(?:for|in|and|or|with|please|but|that|which|from|on|to|a|an|the|any|total|each|if)\b", re.I
)


def take_prices(text: str) -> tuple[str, list[FilterItem]]:
    for pattern in patterns("between"):
        found = _money_match(pattern, text)
        if found and found.group("n2"):
            low, high = sorted((_amount(found, 1), _amount(found, 2)))
            return cut(text, found), [_price("gte", low, found), _price("lte", high, found)]
    limits: list[FilterItem] = []
    for name, op in (("at_most", "lte"), ("at_least", "gte")):
        for pattern in patterns(name):
            found = _money_match(pattern, text)
            if found:
                limits.append(_price(op, _amount(found, 1), found))
                text = cut(text, found)
                break
    return text, limits


def _money_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match that is about money: with a currency, or with no other unit after the number."""
    for found in pattern.finditer(text):
        groups = found.groupdict()
        money = any(groups.get(name) for name in ("cur1", "unit1", "cur2", "unit2"))
        after = text[found.end() :]
        if money or _AFTER_AMOUNT.match(after) or not _NOT_MONEY.match(after):
            return found
    return None


def _price(op: str, value: float, found: re.Match[str]) -> FilterItem:
    return FilterItem("price", "lte" if op == "lte" else "gte", value, "stated", found.group(0).strip())


def payable(item: FilterItem, currency: str) -> bool:
    """Whether a stated price is in the catalogue's currency; a number alone is, and nothing is ever converted."""
    meant = next((codes for pattern, codes in _CODES if pattern.search(item.reason)), (currency,))
    return currency in meant


def _amount(found: re.Match[str], number: int) -> float:
    digits = float(found.group(f"n{number}").replace(",", ""))
    return digits * _MAGNITUDES.get((found.group(f"mag{number}") or "").strip().lower(), 1.0)
