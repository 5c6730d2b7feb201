"""Cell values as shops write them: "1.299,00 €", "Home > Kitchen", "out of stock", "<p>Warm.</p>"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from retrievers.catalogue import AttributeValue

_MONEY = re.compile(
    r"(?P<before>[A-Za-z]{3}|[^\w\s.,+-])?\s*(?P<number>[+-]?[\d.,\s'’]*\d)\s*(?P<after>[A-Za-z]{3}|[^\w\s])?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]+")  # they steer terminals, and PostgreSQL keeps no NUL
_SYMBOLS = {"€": "EUR", "£": "GBP", "₩": "KRW", "¥": "JPY", "₹": "INR"}  # "$" names too many currencies to name one
_CODE = re.compile(r"[A-Za-z]{3}")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3})*")
_PATH_SEPARATOR = re.compile(r"\s*[>|]\s*")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&[a-z]+;|&#\d+;")
_SOLD_OUT = frozenset(("out of stock", "outofstock", "sold out", "soldout", "unavailable", "false", "no"))
_ON_SALE = frozenset(("in stock", "instock", "available", "preorder", "backorder", "true", "yes"))


def number(value: Any) -> float:
    """A finite number, whatever its separators or currency sign. Raises ValueError naming the value."""
    if isinstance(value, bool):
        raise ValueError(f"not a number: {value}")
    try:
        parsed = float(value)
    except (TypeError, ValueError):
        parsed = _written_number(value)
    except OverflowError:
        parsed = math.inf
    if not math.isfinite(parsed):
        raise ValueError(f"not a number: {str(value)[:40]}")
    return parsed


def currency_in(value: Any) -> str | None:
    """The currency a price names itself, as in "15.00 USD"; None when it names none."""
    match = _MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    for mark in (match["before"], match["after"]) if match else ():
        if mark and (mark.isalpha() or mark in _SYMBOLS):
            return _SYMBOLS.get(mark, mark.upper())
    return None


def currency_code(value: Any) -> str | None:
    """ISO 4217, from "eur" or "€"; None for other words, as "euros" or "US$" would be shown beside every price."""
    mark = str(value).strip()
    if mark in _SYMBOLS:
        return _SYMBOLS[mark]
    return mark.upper() if _CODE.fullmatch(mark) else None


def stock_count(value: Any) -> int | None:
    """Pieces on the shelf. "In stock" says nothing about how many and is None, as is what cannot be read."""
    if value is False or (isinstance(value, str) and _plain(value) in _SOLD_OUT):
        return 0
    if value is True or (isinstance(value, str) and _plain(value) in _ON_SALE):
        return None
    return max(0, int(number(value)))  # oversold shelves are counted below zero


def text(value: Any) -> str:
    """One readable text, markup and control characters taken out."""
    plain = _CONTROL.sub(" ", str(value))
    if _MARKUP.search(plain):
        from bs4 import BeautifulSoup

        plain = BeautifulSoup(plain, "html.parser").get_text(" ")
    return " ".join(plain.split())


def identifier(value: Any) -> str:
    """An id as text; spreadsheets turn 123 into 123.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else _CONTROL.sub("", str(value)).strip()


def path(value: Any) -> tuple[str, ...]:
    """A category path from "Home > Kitchen" or a list, broad to narrow, without repeats."""
    parts = value if isinstance(value, list) else [value]
    levels = (text(level) for part in parts if part is not None for level in _PATH_SEPARATOR.split(str(part)))
    return tuple(dict.fromkeys(level for level in levels if level))


def items(value: Any) -> Iterator[str]:
    """The readable scalars of a list, or the one scalar."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str | int | float) and not isinstance(item, bool):
            yield identifier(item)


def address(value: Any) -> str | None:
    """The first address of a list, of an object with a `url` or `src`, or the value itself."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, Mapping):
        first = first.get("url") or first.get("src")
    return first.strip() if isinstance(first, str) and first.strip() else None


def moment(value: Any) -> datetime | None:
    """UTC, from ISO 8601 or seconds since 1970; None when it is neither."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        parsed = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def attribute(value: Any) -> AttributeValue | None:
    """What an attribute may hold: text, a number, yes or no, a list of texts, or an amount with its unit."""
    if isinstance(value, Mapping):
        value = " ".join(str(value[key]) for key in ("value", "unit") if value.get(key) is not None)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, list):
        return list(items(value)) or None
    return text(value) or None if isinstance(value, str) else None


def _plain(value: str) -> str:
    return " ".join(value.lower().replace("_", " ").split())


def _written_number(value: Any) -> float:
    match = _MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    digits = re.sub(r"[\s'’]", "", match["number"]) if match else ""
    try:
        return float(_decimal_point(digits))
    except ValueError:
        raise ValueError(f"not a number: {str(value)[:40]!r}") from None


def _decimal_point(digits: str) -> str:
    """1.299,00 and 1,299.00 and 12,5 with a point for the decimals and nothing for the thousands."""
    if "," in digits and "." in digits:
        point = max(",.", key=digits.rfind)
        return digits.replace(",.".replace(point, ""), "").replace(point, ".")
    if _THOUSANDS.fullmatch(digits) and ("," in digits or digits.count(".") > 1):
        return digits.replace(",", "").replace(".", "")
    return digits.replace(",", ".")
