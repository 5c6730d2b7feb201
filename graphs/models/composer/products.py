"""Answers made of products: what to buy, what matches, and how they compare."""

from __future__ import annotations

from collections.abc import Sequence

from graphs.models.composer.attributes import attributes, relevant, shared, spoken
from graphs.models.composer.fit import fitting
from graphs.models.composer.proved import side
from graphs.models.composer.reviews import review_of
from graphs.models.composer.turn import ComposerTurn, Shown, cite
from graphs.models.composer.why import PRICE_REASONS, opening, why
from graphs.prompts.money import limit_money, number
from retrievers.facets import attribute_names

_COMPARED = 3
_ABSENT = frozenset({"index_down", "both_down"})  # popular products stand in: nothing was searched
_HALF_UP = 1e-9  # 4.25 is said as 4.3
_PICKED = 3  # products told in words; the others are shown
_CEILING = ("price", "lte", "stated")
_NAMED_LIMITS = frozenset({"price", "rating", "brand", "category", "colour", "material"})
_WORDS = 70  # after which no further product is told: answers stay short


def open_answer(turn: ComposerTurn) -> list[str]:
    """Why first, then the products that follow from it."""
    first, told = opening(turn, turn.products[:_PICKED])
    picks = _picks(turn, turn.products, told, frozenset())
    if turn.reading.again and turn.reading.sort:
        first = turn.phrases.say("arranged")
    opened = [first] if told or "defaults_used" not in turn.context.notices else []  # that notice opens by itself
    more = _more(turn, turn.products[len(picks) :])
    few = _too_few(turn, len(turn.products))
    return [*_about_limits(turn), *opened, *picks, *more, *few, turn.phrases.say("more")]


def match_answer(turn: ComposerTurn) -> list[str]:
    """The best matches, what about them was asked for, and what a buyer says."""
    found, exact = fitting(turn)
    limit = _stated_ceiling(turn)
    # What was said now stands in for what was known before.
    told = set() if limit is None else set(PRICE_REASONS)
    picks = _picks(turn, found, told, turn.asked())
    products = found[: len(picks)]
    exact = exact and not _ABSENT.intersection(turn.context.notices)
    lead = _lead(turn, products, limit) if exact else turn.phrases.say("nearest")
    review = review_of(turn, products) if exact else []
    more = _more(turn, found[len(picks) :])
    return [*_about_limits(turn), lead, *picks, *review, *more, *_too_few(turn, len(found))]


def nearest_answer(turn: ComposerTurn) -> list[str]:
    """Products that break a limit, each followed by what it does not keep."""
    sentences: list[str] = []
    for position, (product, broken) in enumerate(turn.nearest, 1):
        fields = (item.field for item in broken)
        keys = dict.fromkeys(f"breaks_{field if field in _NAMED_LIMITS else 'other'}" for field in fields)
        sentences.append(turn.sentence(f"near_{min(position, 2)}", product, facts_of(turn, product), [product.marker]))
        sentences += [turn.phrases.say(key) for key in keys]
    return [*sentences, turn.phrases.say("try_wider")]


def compare_answer(turn: ComposerTurn) -> list[str]:
    """One sentence a product on the same attributes, then whom each suits by price and rating."""
    products = turn.products[: turn.reading.quantity or _COMPARED]
    if len(products) < 2:
        return [turn.phrases.say("compare_missing"), *(_pick(turn, product, 1, set()) for product in products)]
    names = _compared(turn, products)
    sentences = [*_about_limits(turn), turn.phrases.say("compare")]
    for product in products:
        facts = [*facts_of(turn, product), *_spoken(turn, product, names)]
        sentences.append(side(turn, product, facts))
    return [*sentences, *_suits(turn, turn.products), *_more(turn, turn.products[len(products) :])]


def _compared(turn: ComposerTurn, products: Sequence[Shown]) -> list[str]:
    """Two attributes all of them state; the one they are put in order by comes first."""
    names = shared(products, turn.asked(), 2, turn.phrases)
    by = attribute_names(turn.reading.sort.field) if turn.reading.sort else ()
    known = [name for name in by if all(name in attributes(product, turn.phrases) for product in products)]
    return list(dict.fromkeys([*known, *names]))[:2]


def _picks(turn: ComposerTurn, products: Sequence[Shown], told: set[str], asked: frozenset[str]) -> list[str]:
    """A sentence a product, each readable without the others."""
    picks: list[str] = []
    for position, product in enumerate(products[:_PICKED], 1):
        if _length(picks) <= _WORDS:
            picks.append(_pick(turn, product, position, told, asked))
    return picks


def _pick(
    turn: ComposerTurn, product: Shown, position: int, told: set[str], asked: frozenset[str] = frozenset()
) -> str:
    """`told` are the kinds of reason given so far; the one given here is added, since no reason is told twice."""
    reason = why(turn, product, told)
    names = relevant(product, asked, 1 if reason else 2, turn.phrases)
    facts = [*facts_of(turn, product), *_spoken(turn, product, names), *([reason.text] if reason else [])]
    markers = [product.marker, *(reason.markers if reason else ())]
    told.update([reason.kind] if reason else [])
    return turn.sentence(f"pick_{position}", product, facts, markers)


def _spoken(turn: ComposerTurn, product: Shown, names: Sequence[str]) -> list[str]:
    known = attributes(product, turn.phrases)
    return [spoken(name, known[name], turn.phrases) for name in names]


def facts_of(turn: ComposerTurn, product: Shown) -> list[str]:
    """Rating, and that it is sold out: what is told of every product beside its price."""
    facts = []
    if product.live.rating is not None:
        facts.append(turn.phrases.say("rating", rating=number(round(product.live.rating + _HALF_UP, 1))))
    if product.live.stock == 0:
        facts.append(turn.phrases.say("sold_out"))
    return facts


def _stated_ceiling(turn: ComposerTurn) -> float | None:
    limits = [item for item in turn.context.plan.honoured if (item.field, item.op, item.origin) == _CEILING]
    return min((float(item.value) for item in limits if isinstance(item.value, int | float)), default=None)


def _lead(turn: ComposerTurn, products: Sequence[Shown], limit: float | None) -> str:
    """The stated limit is named only where every live price is known to keep it."""
    if turn.reading.again and turn.reading.sort:
        return turn.phrases.say("arranged")
    if limit is None or any(product.price is None or product.price > limit for product in products):
        return turn.phrases.say("match")
    markers = cite(product.marker for product in products)
    return turn.phrases.say("within", amount=limit_money(limit, turn.sources.currency), cite=markers)


def _more(turn: ComposerTurn, products: Sequence[Shown]) -> list[str]:
    """The products shown beside those told of, each cited with its price."""
    keys = ["also_first", *["also"] * len(products)]
    return [turn.sentence(key, product, [], [product.marker]) for key, product in zip(keys, products, strict=False)]


def _too_few(turn: ComposerTurn, found: int) -> list[str]:
    wanted = turn.reading.show
    return [turn.phrases.say("too_few")] if wanted and found < wanted else []


def _about_limits(turn: ComposerTurn) -> list[str]:
    plan = turn.context.plan
    unread = "limits_unreadable" in turn.context.notices
    replaced = [item for item in plan.dropped if item.origin == "declared"]
    said = [turn.phrases.say("relaxed")] if plan.relaxed else []
    return said + ([turn.phrases.say("replaced")] if replaced and not unread else [])


def _suits(turn: ComposerTurn, products: Sequence[Shown]) -> list[str]:
    cheapest = _only_best([(product.price, product) for product in products], sign=-1)
    best = _only_best([(product.live.rating, product) for product in products], sign=1)
    if cheapest and cheapest is best:
        return [turn.phrases.say("best_of_both", title=best.title, cite=cite([best.marker]))]
    winners = {"cheaper": cheapest, "better_rated": best}
    return [
        turn.phrases.say(key, title=winner.title, cite=cite([winner.marker]))
        for key, winner in winners.items()
        if winner
    ]


def _only_best(valued: Sequence[tuple[float | None, Shown]], sign: int) -> Shown | None:
    """None on a tie or when a value is unknown: then nothing can be said of the best."""
    known = [(sign * value, product) for value, product in valued if value is not None]
    if len(known) < len(valued):
        return None
    top = max(value for value, _ in known)
    winners = [product for value, product in known if value == top]
    return winners[0] if len(winners) == 1 else None


def _length(sentences: Sequence[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)
