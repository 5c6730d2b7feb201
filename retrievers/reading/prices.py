"""Prices and ratings as people state them: ranges, limits, currencies, stars."""

from __future__ import annotations

import re

from retrievers.embedding.tokens import stem
from retrievers.reading.language import WORD, amount_patterns, cut, patterns, table
from retrievers.reading.numbers import number
from retrievers.records import FilterItem

NEAR = 0.2  # "around 50" is 40 to 60
_MAGNITUDES = {"만": 10_000.0, "천": 1_000.0, "k": 1_000.0}
_CODES = (  # which currencies a word may mean
    (re.compile(r"usd", re.I), ("USD",)),
    (re.compile(r"\$|dollars?|bucks|달러", re.I), ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")),
    (re.compile(r"€|eur|euros?|유로", re.I), ("EUR",)),
    (re.compile(r"£|gbp|pounds?", re.I), ("GBP",)),
    (re.compile(r"₩|krw|won|원", re.I), ("KRW",)),
)
_OTHER_UNIT = re.compile(r"\s*(?:[-×/]|[a-z]|[%\"”″°])", re.I)  # "16 GB", "27 inch", "600 x 600", "4-person"
_AFTER_AMOUNT = re.compile(
    r"\s*(?:for|in|and|or|with|please|but|that|which|from|on|to|a|an|the|any|total|each|if|not|no|without|by|instead|rather|only|max|tops|now|then|also|이)\b",
    re.I,
)
_BEST = 5.0  # stars


def take_prices(text: str, heads: frozenset[str]) -> tuple[str, list[FilterItem]]:
    """The text without them, and the limits. A bare number is money unless a word other than a kind follows it."""
    for name in ("between", "bare_between"):
        for pattern in amount_patterns(name, "money"):
            found = _money_match(pattern, text, heads, with_currency=name == "bare_between")
            if found:
                low, high = sorted((_amount(found, 1, shared=found["mag2"]), _amount(found, 2)))
                return cut(text, found), [_price("gte", low, found), _price("lte", high, found)]
    limits: list[FilterItem] = []
    for name, ops in (("at_most", "lte"), ("at_least", "gte"), ("around", "near"), ("money_at_most", "lte")):
        text, taken = _take(text, name, ops, heads)
        limits += taken if not (limits and name in ("around", "money_at_most")) else []
    return text, limits


def take_rating(text: str) -> tuple[str, list[FilterItem]]:
    """ "4 stars or more"; what is more than five stars is not about ratings."""
    for pattern in patterns("amounts", "rating_at_least"):
        found = pattern.search(text)
        stars = number(found["stars"], table("numbers"), table("multipliers")) if found else _BEST + 1
        if found and stars <= _BEST:
            return cut(text, found), [FilterItem("rating", "gte", stars, "stated", found.group(0).strip())]
    return text, []


def payable(item: FilterItem, currency: str) -> bool:
    """Whether a stated price is in the catalogue's currency; a number alone is, and nothing is ever converted."""
    meant = next((codes for pattern, codes in _CODES if pattern.search(item.reason)), (currency,))
    return currency in meant


def _take(text: str, name: str, op: str, heads: frozenset[str]) -> tuple[str, list[FilterItem]]:
    for pattern in amount_patterns(name, "money"):
        found = _money_match(pattern, text, heads, with_currency=name == "money_at_most")
        if found is None:
            continue
        value = _amount(found, 1)
        if op == "near":
            ends = [("gte", (1 - NEAR) * value), ("lte", (1 + NEAR) * value)]
            return cut(text, found), [_price(end, round(bound, 2), found) for end, bound in ends]
        return cut(text, found), [_price(op, value, found)]
    return text, []


def _money_match(
    pattern: re.Pattern[str], text: str, heads: frozenset[str], *, with_currency: bool
) -> re.Match[str] | None:
    """The first match that is about money: with a currency, or with nothing after the number that counts otherwise."""
    for found in pattern.finditer(text):
        groups = found.groupdict()
        if any(groups.get(name) for name in ("cur1", "unit1", "cur2", "unit2")):
            return found
        if not with_currency and _alone(text[found.end() :], heads):
            return found
    return None


def _alone(after: str, heads: frozenset[str]) -> bool:
    if _AFTER_AMOUNT.match(after) or not _OTHER_UNIT.match(after):
        return True
    word = WORD.match(after.lstrip())
    return word is not None and stem(word.group(0).casefold()) in heads


def _price(op: str, value: float, found: re.Match[str]) -> FilterItem:
    return FilterItem("price", "lte" if op == "lte" else "gte", value, "stated", found.group(0).strip())


def _amount(found: re.Match[str], place: int, shared: str | None = None) -> float:
    """`shared` is the magnitude of a range's other end: "1-2k"."""
    value = number(found[f"n{place}"], table("numbers"), table("multipliers"))
    return value * _MAGNITUDES.get((found[f"mag{place}"] or shared or "").strip().lower(), 1.0)
