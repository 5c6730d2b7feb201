"""Answers made of products: what to buy, what matches, and how they compare."""

from __future__ import annotations

from collections.abc import Sequence

from graphs.models.composer.attributes import attributes, relevant, shared, spoken
from graphs.models.composer.extract import quotation
from graphs.models.composer.fit import fitting
from graphs.models.composer.turn import ComposerTurn, Shown, cite
from graphs.models.composer.why import PRICE_REASONS, opening, why
from graphs.prompts.money import money, number
from retrievers.catalogue import DocumentType

_MOST, _LEAST = 5, 3  # products in an answer to an open question
_MATCHES = 3
_COMPARED = 3
_CEILING = ("price", "lte", "stated")
_WORDS = 70  # after which no further product is added: answers stay short


def open_answer(turn: ComposerTurn) -> list[str]:
    """Why first, then the products that follow from it."""
    products = turn.products[:_MOST]
    first, told = opening(turn, products)
    picks: list[str] = []
    for position, product in enumerate(products, 1):
        if position <= _LEAST or _length(picks) <= _WORDS:
            picks.append(_pick(turn, product, position, told))
    return [*_about_limits(turn), first, *picks, turn.phrases.say("more")]


def match_answer(turn: ComposerTurn) -> list[str]:
    """The best matches, what about them was asked for, and what a buyer says."""
    found, exact = fitting(turn)
    products, asked = found[:_MATCHES], turn.asked()
    limit = _stated_ceiling(turn)
    told: set[str] = (
        set() if limit is None else set(PRICE_REASONS)
    )  # what was said now stands in for what was known before
    picks: list[str] = []
    for position, product in enumerate(products, 1):
        kept = _within(turn, product, limit) if position == 1 else []
        said = [spoken(name, attributes(product)[name], turn.phrases) for name in relevant(product, asked, 2)]
        if _length(picks) <= _WORDS:
            picks.append(_pick(turn, product, position, told, [*kept, *said]))
    lead = turn.phrases.say("match" if exact else "nearest")
    return [*_about_limits(turn), lead, *picks, *_review(turn, products, asked)]


def compare_answer(turn: ComposerTurn) -> list[str]:
    """One sentence a product on the same attributes, then whom each suits by price and rating."""
    products = turn.products[:_COMPARED]
    if len(products) < 2:
        return [turn.phrases.say("compare_missing"), *(_pick(turn, product, 1, set()) for product in products)]
    names = shared(products, turn.asked(), 2)
    sentences = [*_about_limits(turn), turn.phrases.say("compare")]
    for product in products:
        said = [spoken(name, attributes(product)[name], turn.phrases) for name in names]
        sentences.append(turn.sentence("side", product, [*_facts(turn, product), *said], [product.marker]))
    return [*sentences, *_suits(turn, products)]


def _pick(turn: ComposerTurn, product: Shown, position: int, told: set[str], said: Sequence[str] = ()) -> str:
    """`told` are the kinds of reason given so far; the one given here is added, since no reason is told twice."""
    reason = why(turn, product, told)
    facts = [*_facts(turn, product), *said, *([reason.text] if reason else [])]
    markers = [product.marker, *(reason.markers if reason else ())]
    told.update([reason.kind] if reason else [])
    return turn.sentence(f"pick_{position}", product, facts, markers)


def _facts(turn: ComposerTurn, product: Shown) -> list[str]:
    facts = []
    if product.live.rating is not None:
        facts.append(turn.phrases.say("rating", rating=number(product.live.rating)))
    if product.live.stock == 0:
        facts.append(turn.phrases.say("sold_out"))
    return facts


def _stated_ceiling(turn: ComposerTurn) -> float | None:
    limits = [item for item in turn.context.plan.honoured if (item.field, item.op, item.origin) == _CEILING]
    return min((float(item.value) for item in limits if isinstance(item.value, int | float)), default=None)


def _within(turn: ComposerTurn, product: Shown, limit: float | None) -> list[str]:
    """The stated limit is named only where the live price is known to keep it."""
    if limit is None or product.price is None or product.price > limit:
        return []
    return [turn.phrases.say("within", amount=money(limit, turn.sources.currency))]


def _about_limits(turn: ComposerTurn) -> list[str]:
    plan = turn.context.plan
    unread = "limits_unreadable" in turn.context.notices
    replaced = [item for item in plan.dropped if item.origin == "declared"]
    said = [turn.phrases.say("relaxed")] if plan.relaxed else []
    return said + ([turn.phrases.say("replaced")] if replaced and not unread else [])


def _review(turn: ComposerTurn, products: Sequence[Shown], asked: frozenset[str]) -> list[str]:
    """One sentence of a review, about the first of these products that has one."""
    reviews = turn.of_type(DocumentType.REVIEW)
    for product in products:
        for marker, item in reviews:
            if str(item.metadata.get("product_id")) == product.product_id and (quote := quotation(item.text, asked)):
                return [turn.phrases.say("review", quote=quote, cite=cite([marker]))]
    return []


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
