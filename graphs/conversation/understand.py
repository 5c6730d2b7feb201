"""What a message means in its conversation, without a model.

A message that stands on its own is read as if nothing had been said before it. What refers to something earlier is
resolved or asked about; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import replace

from graphs.conversation.arranging import arranged, recalled
from graphs.conversation.counting import read_counted
from graphs.conversation.decisions import decided
from graphs.conversation.going_back import went_back
from graphs.conversation.language import cut, patterns, phrase, search
from graphs.conversation.memory import Memory
from graphs.conversation.merging import earlier_reading
from graphs.conversation.pointing import pointed
from graphs.conversation.refine import change_of, demanded, let_go, refined
from graphs.conversation.requests import requested
from graphs.conversation.shown import asked_back, topic
from graphs.conversation.understood import Unclear, Understood
from graphs.conversation.wording import asked
from graphs.turn import Lang
from retrievers.reading import Vocabulary, read_request
from retrievers.records import Reading
from retrievers.titles import Titles

_NO_TITLES = Titles()


def understand(
    message: str, memory: Memory, vocabulary: Vocabulary, lang: Lang = "en", titles: Titles = _NO_TITLES
) -> Understood:
    """One of a reading, a call, a decision, or why it is unclear; see `Understood`.

    `titles` are the names of products the message may use without any of them having been shown.
    """
    word = decided(message, memory.pending)
    if word:
        return word
    said = _without_opening(message)
    again = recalled(said, memory, vocabulary)
    if again:
        return _as_asked(again, vocabulary, lang)
    done = requested(said, memory, vocabulary, titles)
    if done:
        return done
    alone = read_counted(message, vocabulary)
    if alone.intent == "courtesy":
        return Understood(message, reading=alone)
    back = went_back(said, memory, vocabulary, lang)
    if back:
        return back
    if alone.intent == "policy":
        return Understood(message, reading=read_request(_by_kind(message, titles), vocabulary))
    return (
        _followed_up(message, said, memory, vocabulary, lang, titles)
        or _new_kind(said, memory, vocabulary, lang)
        or Understood(message, reading=alone)
    )


def _followed_up(
    message: str, said: str, memory: Memory, vocabulary: Vocabulary, lang: Lang, titles: Titles
) -> Understood | None:
    """`said` is the message without its opening."""
    demand = demanded(said)
    new = (
        arranged(said, memory, vocabulary)
        or let_go(said, memory, vocabulary)
        or (refined(demand, memory, vocabulary, how="demanded") if demand else None)
    )
    if new is not None:
        return _as_asked(new, vocabulary, lang)
    found = pointed(said, memory, vocabulary, lang, titles)
    if found:
        return _answered(found, memory, vocabulary, lang) or found
    new = refined(said, memory, vocabulary, how="joined" if search("refine", "joins", message) else "alone")
    if new is not None:
        return _as_asked(new, vocabulary, lang)
    if topic(memory) is None and _needs_a_search(said, vocabulary):
        return Understood(said, unclear=Unclear("no_earlier_products"))
    return None


def _answered(found: Understood, memory: Memory, vocabulary: Vocabulary, lang: Lang) -> Understood | None:
    """What was asked before with the product chosen now, where the shopper was asked which one was meant."""
    last, only = memory.last, found.reading.only if found.reading else ()
    if last is None or not asked_back(last):
        return None
    chosen = tuple(product for product in last.products if product.product_id in only)
    if len(chosen) != 1 or found.question != phrase(lang, "tell", what=chosen[0].title):
        return None
    looked_at = last.model_copy(update={"intent": "product", "products": chosen, "only": only})
    turns = (*memory.turns[:-1], looked_at)
    again = understand(last.said, memory.model_copy(update={"turns": turns}), vocabulary, lang)
    return None if again.unclear else again


def _by_kind(message: str, titles: Titles) -> str:
    """The kinds of the products named instead of their names, which the store's terms do not hold."""
    for title in reversed(titles.find(message)):
        kind = str(title.product.metadata.get("kind") or "")
        message = f"{message[: title.start]}{kind or title.product.title}{message[title.end :]}"
    return message


def _needs_a_search(said: str, vocabulary: Vocabulary) -> bool:
    """Whether a message with nothing before it can only be meant as a follow-up: "cheaper", "show me more"."""
    change = change_of(said, None, vocabulary)
    rest = read_request(change.rest, vocabulary)
    return (change.sort is not None or change.more) and not rest.terms and not rest.limits


def _new_kind(said: str, memory: Memory, vocabulary: Vocabulary, lang: Lang) -> Understood | None:
    """ "And headphones for the same budget": of what was asked before only the price is kept, and only when said so."""
    same = search("ask", "same_budget", said)
    base = topic(memory) if same else None
    if same is None or base is None:
        return None
    prices = tuple(item for item in earlier_reading(base, vocabulary).limits if item.field == "price")
    rest = cut(said, same)
    for pattern in patterns("ask", "new_kind"):
        rest = pattern.sub("", rest)
    new = read_request(rest.strip(" ,.?!"), vocabulary)
    return _as_asked(replace(new, limits=(*new.limits, *prices)), vocabulary, lang)


def _as_asked(reading: Reading, vocabulary: Vocabulary, lang: Lang) -> Understood:
    words = asked(reading, vocabulary.currency, lang)
    return Understood(words, reading=replace(reading, question=words))


def _without_opening(message: str) -> str:
    """Without "ok,", "no," and "and" in front, as often as they come."""
    said = message.strip()
    while True:
        found = next((m for pattern in patterns("opening", "says") if (m := pattern.match(said)) and m.end()), None)
        if found is None or found.end() >= len(said):
            return said
        said = said[found.end() :]
