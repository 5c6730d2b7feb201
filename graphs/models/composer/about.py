"""Answers about products the shopper pointed at: what was asked of them, or what there is to know."""

from __future__ import annotations

from graphs.models.composer.attributes import attributes, relevant, spoken
from graphs.models.composer.documents import answers, document_answer
from graphs.models.composer.products import facts_of
from graphs.models.composer.proved import side
from graphs.models.composer.reviews import review_of
from graphs.models.composer.turn import ComposerTurn, Shown
from retrievers.embedding.tokens import tokens

_ASKED, _TOLD = 3, 4  # attributes told of a product when some are asked about, and when none is


def about_answer(turn: ComposerTurn) -> list[str]:
    """One sentence a product; what is asked and not on record is admitted, with what a buyer or the store says."""
    names = {product.marker: _named(turn, product) for product in turn.products}
    told = [_told(turn, product, names[product.marker]) for product in turn.products]
    review = review_of(turn, turn.products)
    if not _asks_for_more(turn) or any(names.values()) or any(_shelf(turn, product) for product in turn.products):
        return [*told, *review]
    if answers(turn):
        return [*told, *document_answer(turn)]
    return [*told, *(review or [turn.phrases.say("not_on_record")])]


def _told(turn: ComposerTurn, product: Shown, names: list[str]) -> str:
    known = attributes(product, turn.phrases)
    names = names if _asks_for_more(turn) else list(known)[:_TOLD]
    said = [spoken(name, known[name], turn.phrases) for name in names]
    return side(turn, product, [*facts_of(turn, product), *_shelf(turn, product), *said])


def _shelf(turn: ComposerTurn, product: Shown) -> list[str]:
    """How many buyers rated it and that it is there, each only where it is asked about."""
    count, stock = product.live.rating_count, product.live.stock
    told = [turn.phrases.say("rating_count", count=count)] if count and _asks_about(turn, "opinions") else []
    return [*told, turn.phrases.say("in_stock")] if stock and _asks_about(turn, "availability") else told


def _asks_about(turn: ComposerTurn, what: str) -> bool:
    return bool(turn.asked() & frozenset(tokens(turn.phrases.text("words", what))))


def _named(turn: ComposerTurn, product: Shown) -> list[str]:
    return relevant(product, turn.asked(), _ASKED, turn.phrases)


def _asks_for_more(turn: ComposerTurn) -> bool:
    """Than price, rating and stock, which every sentence tells."""
    always = turn.empty_words | frozenset(turn.phrases.text("words", "always_told").split())
    asked = frozenset(word.casefold() for word in turn.reading.terms.split())
    return bool(asked - always)
