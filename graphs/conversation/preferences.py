"""Lasting wishes: "my budget is 80", "never show me leather", "forget my budget"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphs.conversation.language import cut, search, words
from retrievers.reading import Vocabulary
from retrievers.reading.language import WORD, english
from retrievers.reading.prices import payable, take_prices
from retrievers.reading.vocabulary import find_names

BUDGET = "budget_limit"
_EXCLUDED = {"brand": "excluded_brands", "material": "excluded_materials"}


def preference(
    row: Mapping[str, Any], value: str | None, what: str | None, vocabulary: Vocabulary
) -> dict[str, Any] | None:
    """What is to be set, or None when the words are not an amount, or not brands or materials."""
    if row["name"] == "budget" and row.get("forget"):
        return {"name": BUDGET, "change": "forget"}
    if row["name"] == "budget":
        amount = _amount(value or "", vocabulary)
        return None if amount is None else {"name": BUDGET, "change": "set", "value": amount}
    named = _names(what or "", vocabulary)
    if named is None:
        return None
    kind, found = named
    return {"name": _EXCLUDED[kind], "change": "remove" if row.get("forget") else "add", "value": found}


def _amount(said: str, vocabulary: Vocabulary) -> float | None:
    """In the shop's currency and nothing else; "80 for shoes" is a search."""
    rest, prices = take_prices(f"under {said}", vocabulary.heads)
    if len(prices) != 1 or WORD.search(rest) or not payable(prices[0], vocabulary.currency):
        return None
    return float(prices[0].value) if isinstance(prices[0].value, int | float) else None


def _names(said: str, vocabulary: Vocabulary) -> tuple[str, tuple[str, ...]] | None:
    """Brands, or materials: all of one kind, and nothing else said. What is called a brand is taken for one."""
    branded = search("count", "branded", said)
    said = cut(said, branded) if branded else said
    spoken = [english(word) or word for word in WORD.findall(said) if word.casefold() not in words("joining")]
    for kind, names in (("brand", vocabulary.brands), ("material", vocabulary.words.get("material", frozenset()))):
        found = list(find_names(spoken, names))
        if spoken and sum(name.end - name.start for name in found) == len(spoken):
            return kind, tuple(dict.fromkeys(name for each in found for name in each.names))
    return ("brand", (said.strip().casefold(),)) if branded and spoken else None
