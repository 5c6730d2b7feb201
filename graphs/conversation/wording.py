"""What was understood, in words: short enough for a trace, exact enough to read the same again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphs.conversation.language import phrase, words
from graphs.conversation.memory import ShownProduct
from graphs.conversation.merging import value_stems
from graphs.conversation.shown import stems
from graphs.prompts.money import money, number
from graphs.turn import Lang
from retrievers.facets import attribute_names
from retrievers.measures import unit_in_name
from retrievers.reading.aims import SOMEBODY
from retrievers.records import FilterItem, Reading


def asked(reading: Reading, currency: str, lang: Lang) -> str:
    """ "wireless headphones from Sony under $99.00"."""
    limits = " ".join(part for part in (*_ranges(reading, currency, lang), *_aims(reading, lang)) if part)
    what = _sorted(reading, _thing(reading, lang), lang)
    what = phrase(lang, "more", what=what) if reading.without else what
    return " ".join(phrase(lang, "order", what=what, limits=limits).split())


def titled(products: Sequence[ShownProduct], lang: Lang) -> str:
    return phrase(lang, "and").join(product.title or product.product_id for product in products)


def _thing(reading: Reading, lang: Lang) -> str:
    """The words searched for, without those the limits say."""
    said = frozenset(part for item in reading.limits if item.op == "in" for part in value_stems(item))
    said |= stems(reading.fits) if reading.fits else frozenset()
    what = " ".join(word for word in reading.terms.split() if not stems(word) & said)
    what = what or phrase(lang, "nothing")
    if reading.goes_with:
        return phrase(lang, "goes_with", what=reading.goes_with)
    return f"{reading.quantity} {what}" if reading.quantity else what


def _ranges(reading: Reading, currency: str, lang: Lang) -> Iterator[str]:
    ends = {item.op: item for item in reading.limits if item.field == "price"}
    if {"gte", "lte"} <= ends.keys():
        low, high = (money(_amount(ends[op]), currency) for op in ("gte", "lte"))
        yield phrase(lang, "price_between", low=low, high=high)
    for item in reading.limits:
        if item.field == "price" and {"gte", "lte"} <= ends.keys():
            continue
        yield _limit(item, currency, lang)


def _limit(item: FilterItem, currency: str, lang: Lang) -> str:
    names = attribute_names(item.field)
    if names:
        return _attribute(item, names[0], lang)
    if item.field in ("head", "words"):
        return ""
    if isinstance(item.value, tuple):
        return phrase(lang, f"{item.field}_{item.op}", value=phrase(lang, "or").join(item.value))
    value = money(_amount(item), currency) if item.field == "price" else number(_amount(item))
    return phrase(lang, f"{item.field}_{item.op}", value=value)


def _attribute(item: FilterItem, name: str, lang: Lang) -> str:
    unit = unit_in_name(name)
    plain = ((unit and unit[0]) or name).replace("_", " ")
    if isinstance(item.value, str):
        return phrase(lang, "with" if item.op == "in" else "without", value=plain)
    if item.op in ("eq", "in"):
        return ""  # exact figures and values stay among the words
    if isinstance(item.value, tuple):
        return phrase(lang, "without", value=f"{plain} {phrase(lang, 'or').join(item.value)}")
    value = f"{_amount(item):g} {item.unit or ''}".strip()
    return phrase(lang, f"figure_{item.op}", value=value, name=plain)


def _aims(reading: Reading, lang: Lang) -> Iterator[str]:
    if reading.fits:
        yield phrase(lang, "for", value=reading.fits)
    if reading.recipient == SOMEBODY:
        yield phrase(lang, "gift")
    elif reading.recipient:
        person = reading.recipient in words("pronoun_people")
        yield phrase(lang, "for" if person else "for_who", value=reading.recipient)


def _sorted(reading: Reading, what: str, lang: Lang) -> str:
    sort = reading.sort
    if sort is None:
        return what
    names = attribute_names(sort.field)
    direction = "down" if sort.descending else "up"
    if names:
        unit = unit_in_name(names[0])
        name = ((unit and unit[0]) or names[0]).replace("_", " ")
        return phrase(lang, f"figure_{direction}", what=what, name=name)
    return phrase(lang, f"{sort.field}_{direction}", what=what)


def _amount(item: FilterItem) -> float:
    return float(item.value) if isinstance(item.value, int | float) else 0.0
