"""Personal data in a text: e-mail addresses, telephone numbers and payment cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graphs.guardrails.policy import Policy

Kind = Literal["email", "card", "phone"]

_DIGITS = re.compile(r"(?<![\w.,-])(?P<plus>\+)?\(?\d[\d\s().-]{5,22}\d(?![\w]|[.,]\d)")
_SHAPED = re.compile(r"(?:1[\s.-])?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}|0\d{1,2}-\d{3,4}-\d{4}")
_CUE_REACH = 24  # code points before a number in which a cue word may stand


@dataclass(frozen=True, slots=True)
class Found:
    """Offsets count code points."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str, policy: Policy) -> list[Found]:
    """In order, without overlaps. Prices, EANs, SKUs, order and model numbers are never personal data."""
    safe = [found.span() for found in policy.not_personal.finditer(text)]
    emails = [Found("email", *found.span()) for found in policy.email.finditer(text)]
    numbers = (found for found in _numbers(text, policy) if not _overlaps(found, [*safe, *_spans(emails)]))
    return sorted([*emails, *numbers], key=lambda found: found.start)


def mask_personal(text: str, policy: Policy) -> tuple[str, tuple[str, ...]]:
    """The text with each find replaced by its kind in brackets, and the kinds that were found."""
    found = find_personal(text, policy)
    for each in reversed(found):
        text = f"{text[: each.start]}[{each.kind}]{text[each.end :]}"
    return text, tuple(dict.fromkeys(each.kind for each in found))


def _numbers(text: str, policy: Policy) -> Iterator[Found]:
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if 13 <= len(digits) <= 19 and _luhn(digits) and not _ean(digits):
            yield Found("card", *found.span())
        elif 7 <= len(digits) <= 15 and _is_phone(found, text, policy):
            yield Found("phone", *found.span())


def _is_phone(found: re.Match[str], text: str, policy: Policy) -> bool:
    if found["plus"] or _SHAPED.fullmatch(found.group()):
        return True
    return policy.phone_cues.search(text[max(0, found.start() - _CUE_REACH) : found.start()]) is not None


def _luhn(digits: str) -> bool:
    """Luhn's check digit, ISO/IEC 7812-1 annex B."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _ean(digits: str) -> bool:
    """A valid EAN-13 is a product's number even where Luhn's rule holds by chance."""
    if len(digits) != 13:
        return False
    return sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(digits)) % 10 == 0


def _spans(found: list[Found]) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in found]


def _overlaps(found: Found, spans: list[tuple[int, int]]) -> bool:
    return any(start < found.end and found.start < end for start, end in spans)
