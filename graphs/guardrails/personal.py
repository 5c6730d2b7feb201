"""Personal data in a text: e-mail addresses, telephone numbers, payment cards, accounts and national numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from stdnum import ean, iban, luhn
from stdnum.kr import rrn
from stdnum.us import ssn

from graphs.guardrails.policy import Policy

Kind = Literal["email", "card", "iban", "national_id", "phone"]
KINDS: tuple[Kind, ...] = ("email", "card", "iban", "national_id", "phone")

_DIGITS = re.compile(r"(?<![\w.,-])(?P<plus>\+)?\(?\d(?:(?:[ .\u00a0-]|\) ?| ?\()?\d){5,21}(?!\d|[.,]\d|[^\W\dx가-힣])")
_SHAPED = re.compile(r"(?:1[\s.-])?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}|0\d{1,2}-\d{3,4}-\d{4}")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{1,4}){3,8}\b")
_NATIONAL = re.compile(r"(?<![\w-])(?:(?P<us>\d{3}-\d{2}-\d{4})|(?P<kr>\d{6}-[1-8]\d{6}))(?![\w-])")
_GROUPS = re.compile(r"\d+|\d{4}([ -])(?:\d{4}\1){1,3}\d{1,4}|\d{4}([ -])\d{6}\2\d{4,5}")  # as cards are printed
_ISSUERS = re.compile(r"3[0-9]|4|5[0-9]|6|2[2-7]|2131|1800")  # first digits of payment cards, ISO/IEC 7812
_CARD_LENGTHS = range(12, 20)
_CUE_REACH = 32  # code points before a number in which a cue word may stand


@dataclass(frozen=True, slots=True)
class Found:
    """Offsets count code points."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str, policy: Policy) -> list[Found]:
    """In order, without overlaps. Prices, EANs, SKUs, order and model numbers are never personal data."""
    taken = [found.span() for found in policy.not_personal.finditer(text)]
    kept: list[Found] = []
    for found in (*_emails(text, policy), *_accounts(text), *_national(text), *_numbers(text, policy)):
        if not any(start < found.end and found.start < end for start, end in taken):
            taken.append((found.start, found.end))
            kept.append(found)
    return sorted(kept, key=lambda found: found.start)


def mask_personal(text: str, policy: Policy) -> tuple[str, tuple[str, ...]]:
    """The text with each find replaced by its kind in brackets, and the kinds that were found."""
    found = find_personal(text, policy)
    for each in reversed(found):
        text = f"{text[: each.start]}[{each.kind}]{text[each.end :]}"
    return text, tuple(dict.fromkeys(each.kind for each in found))


def without_placeholders(text: str, kinds: Iterable[str]) -> str:
    """A masked text without what stands for the data."""
    return re.sub("|".join(re.escape(f"[{kind}]") for kind in kinds), " ", text)


def _emails(text: str, policy: Policy) -> Iterator[Found]:
    return (Found("email", *found.span()) for found in policy.email.finditer(text)) if "@" in text else iter(())


def _accounts(text: str) -> Iterator[Found]:
    """International bank account numbers; the country says how long one is, so words after it are not part of it."""
    for found in _IBAN.finditer(text):
        end = found.end()
        while end > found.start() and not iban.is_valid(text[found.start() : end]):
            end = max(text.rfind(" ", found.start(), end), found.start())
        if end > found.start():
            yield Found("iban", found.start(), end)


def _national(text: str) -> Iterator[Found]:
    """Social security numbers of the United States and resident registration numbers of Korea."""
    for found in _NATIONAL.finditer(text):
        if (found["us"] and ssn.is_valid(found["us"])) or (found["kr"] and rrn.is_valid(found["kr"])):
            yield Found("national_id", *found.span())


def _numbers(text: str, policy: Policy) -> Iterator[Found]:
    for found in _DIGITS.finditer(text):
        before = text[max(0, found.start() - _CUE_REACH) : found.start()]
        if _is_card(found.group(), before, policy):
            yield Found("card", *found.span())
        elif _is_phone(found, before, text[found.end() : found.end() + _CUE_REACH], policy):
            yield Found("phone", *found.span())


def _is_card(number: str, before: str, policy: Policy) -> bool:
    """An article's number stays one where Luhn's rule holds by chance, unless a word says that it is a card."""
    digits = _digits(number)
    if len(digits) not in _CARD_LENGTHS or not _GROUPS.fullmatch(number) or not luhn.is_valid(digits):
        return False
    if policy.card_cues.search(before):
        return True
    return _ISSUERS.match(digits) is not None and not ean.is_valid(digits)


def _is_phone(found: re.Match[str], before: str, after: str, policy: Policy) -> bool:
    if not 7 <= len(_digits(found.group())) <= 15:
        return False
    if found["plus"]:
        return _dialled(found.group())
    cued = policy.phone_cues.search(before) or policy.phone_cues_after.search(after)
    return _SHAPED.fullmatch(found.group()) is not None or cued is not None


def _dialled(number: str) -> bool:
    """Whether a number written with its country's code can be dialled."""
    import phonenumbers  # its tables take 40 ms to import, and most texts hold no such number

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
