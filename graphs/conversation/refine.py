"""Follow-ups that change the search: "cheaper", "in blue", "under 50 instead", "any brand", "show me more"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from graphs.conversation.comparing import beyond, take_comparison
from graphs.conversation.counting import take_count
from graphs.conversation.language import cut, group, patterns, rows, search, table, whole, words
from graphs.conversation.memory import Memory, ShownProduct
from graphs.conversation.merging import allowing, earlier_reading, merged, releasing, value_stems, without_limits
from graphs.conversation.shown import in_view, seen, singled_out, stems, topic
from retrievers.reading import Vocabulary, kind_named, read_request
from retrievers.reading.vocabulary import squeezed
from retrievers.records import FilterItem, Reading, SortBy

Link = Literal["alone", "joined", "demanded"]  # how the words were bound to what was said before
_IN_STOCK = FilterItem("stock", "gte", 1, "stated", "in stock")
_ALL = "all"
_FEW = 3  # words that mean nothing to the catalogue; more of them bring up something else


@dataclass(frozen=True, slots=True)
class Change:
    """What a follow-up does to the search before it: each part by the words taken out for it.

    `drops` are fields whose limits go, "all" for every one; `rest` is what is read as further wishes.
    """

    rest: str
    sort: SortBy | None = None
    more: bool = False
    drops: tuple[str, ...] = ()
    in_stock: bool = False
    show: int | None = None

    @property
    def told(self) -> bool:
        """Whether the words taken out are enough to know that something said before goes on."""
        return bool(self.sort or self.more or self.drops or self.in_stock or self.show)


def change_of(text: str, head: str | None, vocabulary: Vocabulary) -> Change:
    rest, drops = _drops(text)
    rest, show = take_count(rest, vocabulary)
    rest, more = _take(rest, "more")
    rest, sort = take_comparison(rest, head, vocabulary)
    rest, in_stock = _take(rest, "in_stock")
    if not more and not sort and kind_named(rest, vocabulary) in (None, head):
        rest, more = _take(rest, "more_of_kind")
    return Change(rest, sort, more, drops, in_stock, show)


def demanded(text: str) -> str | None:
    """What "it should be waterproof" asks for as it is asked for at once; None for a message that demands nothing."""
    for _, says, row in rows("requires"):
        found = _compiled(says).search(text)
        if found:
            means, rest = str(row["means"]), cut(text, found).strip()
            return means.format(rest=rest) if "{rest}" in means else f"{means} {rest}".strip()
    return None


def refined(
    text: str,
    memory: Memory,
    vocabulary: Vocabulary,
    than: Sequence[ShownProduct] = (),
    how: Link = "alone",
) -> Reading | None:
    """The search before with what this message changes; None when the message stands on its own.

    "Cheaper" is below the cheapest in view of the products spoken of, or of those named behind "than"; better rated,
    lighter and the like go beyond the best of them. Other limits stay.
    """
    base = topic(memory)
    if base is None:
        return None
    before = earlier_reading(base, vocabulary)
    change = change_of(text, before.head, vocabulary)
    unwanted = _without_kind(text, before, vocabulary)
    if unwanted:
        return unwanted
    wishes = read_request(change.rest, vocabulary, about=before.head)
    if not _goes_on(text, change, wishes, before, vocabulary, how):
        return None
    return _changed(before, change, wishes, text, memory, vocabulary, than)


def let_go(text: str, memory: Memory, vocabulary: Vocabulary) -> Reading | None:
    """The search before with something that was demanded, or ruled out, open again."""
    base = topic(memory)
    if base is None:
        return None
    before = earlier_reading(base, vocabulary)
    allowed, released = search("refine", "allow", text), search("refine", "release", text)
    return (allowing(before, allowed["what"]) if allowed else None) or (
        releasing(before, released["what"]) if released else None
    )


def _without_kind(text: str, before: Reading, vocabulary: Vocabulary) -> Reading | None:
    """ "Not a knife", of a search for something else that brought knives."""
    found = whole("refine", "not_kind", text)
    kind = kind_named(found["what"], vocabulary) if found else None
    if kind is None or kind == before.head:
        return None
    return replace(before, limits=(*before.limits, FilterItem("head", "not_in", (kind,), "stated", text)))


def _changed(
    before: Reading,
    change: Change,
    wishes: Reading,
    text: str,
    memory: Memory,
    vocabulary: Vocabulary,
    than: Sequence[ShownProduct],
) -> Reading:
    for field in change.drops:
        before = without_limits(before, None if field == _ALL else field)
    wishes = replace(wishes, show=change.show, limits=(*wishes.limits, *((_IN_STOCK,) if change.in_stock else ())))
    new = merged(
        before,
        wishes,
        instead=search("refine", "instead", text) is not None,
        also=search("refine", "also", text) is not None,
    )
    if change.sort:
        new = _compared(new, change.sort, than or singled_out(memory)[-1:] or in_view(memory), vocabulary)
    return replace(new, without=seen(memory, before.head)) if change.more else new


def _compared(reading: Reading, sort: SortBy, products: Sequence[ShownProduct], vocabulary: Vocabulary) -> Reading:
    """Price alone keeps the order of relevance: what is a little cheaper may be the better answer."""
    limit = beyond(sort, products, vocabulary)
    told = reading if limit is None else merged(reading, replace(_NOTHING, limits=(limit,)))
    return told if sort.field == "price" and limit else replace(told, sort=sort)


def _goes_on(text: str, change: Change, wishes: Reading, before: Reading, vocabulary: Vocabulary, how: Link) -> bool:
    """Whether the message needs the one before: it names no kind of thing, and nothing else that could be one.

    One that names the same kind again stands on its own, unless it compares or asks for more; behind "with" or "from"
    the name of a kind is that of a part or a maker.
    """
    if wishes.intent in ("policy", "courtesy") or wishes.goes_with or _asks_openly(text, wishes):
        return False
    attached = how == "demanded" or search("refine", "attached", text) is not None
    kind = None if attached else kind_named(change.rest, vocabulary)
    if kind is not None and (kind != before.head or not (change.sort or change.more)):
        return False
    unknown = [word for word in wishes.terms.split() if not _explained(word, wishes, before, vocabulary)]
    continues = how != "alone" or search("refine", "continues", text) is not None
    if len(unknown) > (_FEW if continues else 0):
        return False
    return (
        change.told
        or bool(wishes.limits or wishes.unread or wishes.foreign or wishes.sort)
        or (continues and bool(wishes.terms or wishes.recipient))
        or any(_attribute_word(word, vocabulary) for word in wishes.terms.split())
    )


def _asks_openly(text: str, wishes: Reading) -> bool:
    return search("refine", "opens", text) is not None


def _explained(word: str, wishes: Reading, before: Reading, vocabulary: Vocabulary) -> bool:
    """A filler, the kind spoken of, a word of a limit, or something the catalogue says of its products."""
    if word.casefold() in words("filler") or word[0].isdigit() or before.head in stems(word):
        return True
    if any(stems(word) & value_stems(item) for item in wishes.limits):
        return True
    return _attribute_word(word, vocabulary)


def _attribute_word(word: str, vocabulary: Vocabulary) -> bool:
    if stems(word) & vocabulary.heads:
        return False
    known = any(squeezed([word]) == squeezed([name]) for names in vocabulary.words.values() for name in names)
    return known or squeezed([word]) in vocabulary.flags


def _take(text: str, name: str) -> tuple[str, bool]:
    found = search("refine", name, text)
    return (cut(text, found), True) if found else (text, False)


def _drops(text: str) -> tuple[str, tuple[str, ...]]:
    fields: list[str] = []
    for pattern in patterns("refine", "drop"):
        while found := pattern.search(text):
            fields.append(str(table("fields")[(group(found, "field") or "").casefold().removesuffix("s")]))
            text = cut(text, found)
    found = search("refine", "drop_all", text)
    return (cut(text, found), (_ALL,)) if found else (text, tuple(fields))


@lru_cache(maxsize=64)
def _compiled(says: str) -> re.Pattern[str]:
    return re.compile(says, re.IGNORECASE)


_NOTHING = Reading(question="", intent="open", terms="")
