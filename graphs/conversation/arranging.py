"""The list in view once more: in another order, the other way round, or only the first of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from graphs.conversation.comparing import ordered
from graphs.conversation.counting import quantity_of, take_count
from graphs.conversation.language import search, table, whole, words
from graphs.conversation.memory import Memory, ShownProduct
from graphs.conversation.merging import earlier_reading
from graphs.conversation.shown import in_view, lists, topic
from retrievers.reading import Vocabulary, kind_named
from retrievers.reading.language import WORD
from retrievers.reading.order import take_order
from retrievers.records import Reading, SortBy


def arranged(message: str, memory: Memory, vocabulary: Vocabulary) -> Reading | None:
    """Nothing is searched for again, and the limits stay; None for a message that asks for anything else."""
    before, view = _as_before(memory, vocabulary), _list_in_view(memory)
    if before is None:
        return None
    if whole("arrange", "reversed", message):
        return replace(before, only=_ids(view[::-1]))
    sort = _order(message, before.head, vocabulary)
    if sort:
        return replace(before, sort=sort)
    best = _best(message, view, before.head, vocabulary)
    if best:
        sort, chosen = best
        return replace(before, only=_ids(chosen), sort=sort)
    rest, count = take_count(message, vocabulary)
    if count is None or count >= len(view) or search("refine", "more", rest) or not _says_nothing(rest):
        return None
    return replace(before, only=_ids(view)[:count])


def recalled(message: str, memory: Memory, vocabulary: Vocabulary) -> Reading | None:
    """What was asked for, as it was answered; of a price limit only where one was said."""
    before = _as_before(memory, vocabulary)
    if before is None:
        return None
    priced = whole("arrange", "recalled_price", message) and any(item.field == "price" for item in before.limits)
    return before if priced or whole("arrange", "recalled", message) else None


def _as_before(memory: Memory, vocabulary: Vocabulary) -> Reading | None:
    base, view = topic(memory), _list_in_view(memory)
    if base is None or not view:
        return None
    return replace(earlier_reading(base, vocabulary), again=True, only=_ids(view), show=None, sort=None)


def _order(message: str, head: str | None, vocabulary: Vocabulary) -> SortBy | None:
    """By what the list is to be sorted; of a figure the most comes first unless the data say which end is wanted."""
    found = whole("arrange", "sorted", message)
    said = next((text for text in found.groups() if text), "") if found else ""
    if not said or kind_named(said, vocabulary) not in (None, head):
        return None
    said = _superlative(said)
    falls = search("arrange", "falling", message) is not None
    rises = search("arrange", "rising", message) is not None
    sort = take_order(said, head, vocabulary)[1] or take_order(f"highest {said}", head, vocabulary)[1]
    return replace(sort, descending=falls) if sort and falls != rises else sort


def _best(
    message: str, view: Sequence[ShownProduct], head: str | None, vocabulary: Vocabulary
) -> tuple[SortBy, Sequence[ShownProduct]] | None:
    """ "The two cheapest" of those in view, as far as their figures are remembered."""
    found = whole("arrange", "best_of", message)
    sort = take_order(_superlative(found["how"]), head, vocabulary)[1] if found else None
    chosen = ordered(view, sort, vocabulary)[: quantity_of(found["count"])] if found and sort else []
    return (sort, chosen) if sort and chosen else None


def _superlative(said: str) -> str:
    """As the reading calls the order whose name is said first."""
    found = (
        (match.start(), meant) for spoken, meant in table("orders").items() if (match := _spelled(spoken).search(said))
    )
    return min(found, default=(0, said), key=lambda one: one[0])[1]


def _list_in_view(memory: Memory) -> tuple[ShownProduct, ...]:
    return next((shown for shown in lists(memory) if len(shown) > 1), in_view(memory))


def _ids(products: Sequence[ShownProduct]) -> tuple[str, ...]:
    return tuple(product.product_id for product in products)


def _says_nothing(text: str) -> bool:
    """Whether only fillers are left beside the count."""
    idle = words("filler") | words("joining") | words("counted_beside")
    return all(word.casefold() in idle for word in WORD.findall(text))


@lru_cache(maxsize=64)
def _spelled(said: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(said)}(?![a-z])", re.IGNORECASE)
