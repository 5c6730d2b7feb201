"""What is kept of a conversation as it grows: the last turns whole, of those before them facts in whole sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphs.conversation.language import phrase
from graphs.conversation.memory import Memory, PastTurn, ShownProduct
from graphs.conversation.shown import known
from graphs.turn import Lang

WHOLE = 8  # turns
FACTS = 12
_SEARCHES = frozenset(("product", "open", "compare"))


def remember(memory: Memory, turn: PastTurn, lang: Lang = "en") -> Memory:
    """With this turn as the last; what falls out of the window leaves its facts behind, the oldest of them go first.

    Of searches for one kind of thing only the latest is a fact, since its limits are those still in force.
    """
    turns = (*memory.turns, _told_by_name(turn, memory))
    gone, kept = turns[:-WHOLE], turns[-WHOLE:]
    facts = [*memory.earlier, *(fact for old in gone for fact in _facts(old, turns, lang))]
    return memory.model_copy(update={"turns": kept, "earlier": tuple(dict.fromkeys(facts))[-FACTS:]})


def as_text(memory: Memory, lang: Lang = "en") -> str:
    """The memory for a model's prompt, the oldest first; empty when nothing is remembered."""
    return "\n".join([*memory.earlier, *(line for turn in memory.turns for line in _told(turn, lang))])


def _told_by_name(turn: PastTurn, memory: Memory) -> PastTurn:
    """What a tool told of, with the titles it was shown by: the turn that showed it may be gone when it is needed."""
    titles = known(memory)
    if turn.tool is None or turn.products or not turn.items or not titles.keys() >= set(turn.items):
        return turn
    return turn.model_copy(update={"products": tuple(titles[item] for item in turn.items)})


def _facts(turn: PastTurn, turns: Sequence[PastTurn], lang: Lang) -> Iterator[str]:
    if turn.tool is not None:
        yield _done(turn, lang)
    elif turn.only:
        yield phrase(lang, "looked_at", what=_titles(turn.products))
    elif turn.intent in _SEARCHES and not _searched_again(turn, turns):
        yield phrase(lang, "looked_for", what=turn.question)


def _searched_again(turn: PastTurn, turns: Sequence[PastTurn]) -> bool:
    later = turns[turns.index(turn) + 1 :]
    return any(other.intent in _SEARCHES and not other.only and other.head == turn.head for other in later)


def _told(turn: PastTurn, lang: Lang) -> Iterator[str]:
    yield phrase(lang, "said", what=turn.said)
    if turn.question != turn.said:
        yield phrase(lang, "meant", what=turn.question)
    if turn.products and turn.tool is None:
        numbered = (f"{place}. {product.title}" for place, product in enumerate(turn.products, 1))
        yield phrase(lang, "shown", what="; ".join(numbered))
    if turn.tool is not None:
        yield _done(turn, lang)


def _done(turn: PastTurn, lang: Lang) -> str:
    """What was asked for and what it was about; whether it was done is in the audit log, not here."""
    titles = {product.product_id: product.title for product in turn.products}
    about = [*turn.orders, *(titles.get(item, item) for item in turn.items)]
    said = phrase(lang, "used", tool=turn.tool, what=turn.said)
    return f"{said} [{'; '.join(about)}]" if about else said


def _titles(products: Sequence[ShownProduct]) -> str:
    return "; ".join(product.title for product in products)
