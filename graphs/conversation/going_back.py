"""Starting over, and going back to what was shown before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graphs.conversation.language import cut, phrase, search
from graphs.conversation.memory import Memory, PastTurn
from graphs.conversation.merging import earlier_reading
from graphs.conversation.shown import searches
from graphs.conversation.understood import Unclear, Understood
from graphs.conversation.wording import asked
from graphs.turn import Lang
from retrievers.reading import Vocabulary, kind_named, read_request
from retrievers.reading.language import WORD
from retrievers.records import Reading


def went_back(said: str, memory: Memory, vocabulary: Vocabulary, lang: Lang) -> Understood | None:
    """ "Start over" is greeted like a new conversation, or read alone if it goes on.

    "Back to the first" is the first list of the conversation, or its first product when there was only one list;
    "go back" is the list before the last; "back to the coats" the last search for that kind of thing.
    """
    over = search("back", "start_over", said)
    if over:
        return _anew(cut(said, over).strip(" ,.!?:;-"), vocabulary, lang)
    found = [turn for turn in searches(memory) if turn.products]
    if search("back", "first", said):
        return _first(found, vocabulary, lang)
    if search("back", "previous", said):
        return _again(found[-2], vocabulary, lang) if len(found) > 1 else _nothing(said)
    kind = search("back", "to_kind", said)
    head = kind_named(kind["what"], vocabulary) if kind else None
    same = next((turn for turn in reversed(found) if head and turn.head == head), None)
    return _again(same, vocabulary, lang) if same else None


def _anew(rest: str, vocabulary: Vocabulary, lang: Lang) -> Understood:
    if WORD.search(rest):
        return Understood(rest, reading=read_request(rest, vocabulary))
    said = phrase(lang, "start_over")
    return Understood(said, reading=Reading(said, "courtesy", "", courtesy="greeting"))


def _first(found: Sequence[PastTurn], vocabulary: Vocabulary, lang: Lang) -> Understood:
    if not found:
        return _nothing(phrase(lang, "start_over"))
    if len({tuple(product.product_id for product in turn.products) for turn in found}) > 1:
        return _again(found[0], vocabulary, lang)
    first = found[0].products[0]
    said = phrase(lang, "tell", what=first.title)
    return Understood(said, reading=Reading(said, "product", "", only=(first.product_id,)))


def _again(turn: PastTurn, vocabulary: Vocabulary, lang: Lang) -> Understood:
    """The same search once more, so that prices and stock are today's."""
    reading = earlier_reading(turn, vocabulary)
    words = asked(reading, vocabulary.currency, lang)
    return Understood(words, reading=replace(reading, question=words))


def _nothing(said: str) -> Understood:
    return Understood(said, unclear=Unclear("no_earlier_products"))
