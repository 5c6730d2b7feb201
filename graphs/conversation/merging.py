"""What was asked for before, changed by what is said now: limit by limit, never by gluing sentences together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from graphs.conversation.counting import read_counted
from graphs.conversation.language import words
from graphs.conversation.memory import Limit, PastTurn
from graphs.conversation.shown import stems
from retrievers.facets import attribute_names
from retrievers.reading import Vocabulary
from retrievers.records import FilterItem, Intent, Reading

SAID_EARLIER = "said earlier"


def earlier_reading(turn: PastTurn, vocabulary: Vocabulary) -> Reading:
    """What a turn asked for, its limits as they were kept rather than as they are read again."""
    read = read_counted(turn.question, vocabulary)
    limits = tuple(_item(limit) for limit in turn.limits) or read.limits
    carried = tuple(replace(item, reason=SAID_EARLIER) for item in limits)
    terms = read.terms if turn.terms is None else turn.terms
    return replace(
        read, terms=terms, head=read.head or turn.head, limits=carried, named=(), courtesy=None, show=turn.show
    )


def merged(before: Reading, now: Reading, *, instead: bool = False, also: bool = False) -> Reading:
    """`now` wins on the fields it limits, and its other words join those before.

    One side of a range leaves the other in place unless they cannot both hold, or it was said `instead`; `also` widens
    a choice of names.
    """
    new = [_widened(item, before.limits) if also else item for item in now.limits]
    kept = tuple(item for item in before.limits if not any(_replaces(item, other, instead) for other in new))
    gone = [item for item in before.limits if item not in kept]
    terms = _terms(before.terms, now.terms, gone)
    return replace(
        before,
        intent=_intent(terms),
        terms=terms,
        limits=(*kept, *new),
        foreign=now.foreign or before.foreign,
        unread=(*before.unread, *now.unread),
        sort=now.sort or before.sort,
        recipient=now.recipient or before.recipient,
        quantity=now.quantity or before.quantity,
        show=now.show or before.show,
        fits=now.fits or before.fits,
    )


def without_limits(reading: Reading, field: str | None) -> Reading:
    """Without the limits on a field ("attribute" stands for any figure), or without any when it is None."""
    gone = [item for item in reading.limits if field is None or item.field.partition(":")[0] == field]
    terms = _terms(reading.terms, "", gone)
    kept = tuple(item for item in reading.limits if item not in gone)
    return replace(reading, intent=_intent(terms), terms=terms, limits=kept)


def allowing(reading: Reading, said: str) -> Reading | None:
    """With what was ruled out before allowed again; None when nothing like it was."""
    again = [item for item in reading.limits if item.op == "not_in" and stems(said) & value_stems(item)]
    if not again:
        return None
    return replace(reading, limits=tuple(item for item in reading.limits if item not in again))


def releasing(reading: Reading, said: str) -> Reading | None:
    """Without what was demanded in these words; None when nothing was."""
    gone = [item for item in reading.limits if item.op != "not_in" and stems(said) & value_stems(item)]
    terms = " ".join(word for word in reading.terms.split() if not stems(word) & (stems(said) - {reading.head}))
    if not gone and terms == reading.terms:
        return None
    kept = tuple(item for item in reading.limits if item not in gone)
    terms = _terms(terms, "", gone)
    return replace(reading, intent=_intent(terms), terms=terms, limits=kept)


def value_stems(item: FilterItem) -> frozenset[str]:
    """Stems of the words a limit is made of."""
    names = " ".join(attribute_names(item.field)).replace("_", " ")
    values = item.value if isinstance(item.value, tuple) else () if names else (str(item.value),)
    return stems(" ".join((names, *values)))


def _intent(terms: str) -> Intent:
    return "product" if terms else "open"


def _item(limit: Limit) -> FilterItem:
    return FilterItem(limit.field, limit.op, limit.value, "stated", unit=limit.unit)  # type: ignore[arg-type]


def _widened(item: FilterItem, before: Iterable[FilterItem]) -> FilterItem:
    same = next((other for other in before if other.field == item.field and other.op == item.op == "in"), None)
    if same is None or not isinstance(same.value, tuple) or not isinstance(item.value, tuple):
        return item
    return replace(item, value=tuple(dict.fromkeys((*same.value, *item.value))))


def _replaces(before: FilterItem, now: FilterItem, instead: bool) -> bool:
    if before.field != now.field:
        return False
    if before.op in ("in", "not_in"):
        if before.op == now.op == "not_in":
            return before.value == now.value
        return before.op == now.op or bool(value_stems(before) & value_stems(now))
    return instead or before.op == now.op or now.op == "eq" or _contradict(before, now)


def _contradict(one: FilterItem, other: FilterItem) -> bool:
    """Whether two ends of a range leave nothing between them; figures in different units are taken not to agree."""
    if not isinstance(one.value, int | float) or not isinstance(other.value, int | float):
        return True
    least, most = (one, other) if one.op == "gte" else (other, one)
    if one.unit != other.unit:
        return True
    return isinstance(least.value, int | float) and isinstance(most.value, int | float) and least.value > most.value


def _terms(before: str, now: str, gone: Sequence[FilterItem]) -> str:
    """The words of limits given up are not searched for any more, nor are a follow-up's fillers."""
    given_up = frozenset(part for item in gone for part in value_stems(item))
    kept = [word for word in before.split() if not stems(word) & given_up]
    known = stems(" ".join(kept))
    new = [word for word in now.split() if word.casefold() not in words("filler") and not stems(word) & known]
    return " ".join([*kept, *new])
