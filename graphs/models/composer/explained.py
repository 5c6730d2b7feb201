"""Why products were shown: what of what was asked for they have, and what is known of the shopper."""

from __future__ import annotations

from graphs.models.composer.attributes import attributes, relevant, spoken
from graphs.models.composer.products import facts_of
from graphs.models.composer.proved import side
from graphs.models.composer.reviews import review_of
from graphs.models.composer.turn import ComposerTurn, Shown
from graphs.models.composer.why import Why, why
from retrievers.embedding.tokens import tokens
from retrievers.facets import attribute_names

_ASKED, _REASONS = 3, 3


def explained_answer(turn: ComposerTurn) -> list[str]:
    """A sentence a product; where neither limits nor facts about the shopper speak for any, that is said."""
    told = [_speaks_for(turn, product) for product in turn.products]
    sentences = [turn.phrases.say("explained"), *(sentence for sentence, _ in told)]
    if turn.reading.sort:
        sentences.append(turn.phrases.say("explained_by_order"))
    elif not any(found for _, found in told):
        sentences.append(turn.phrases.say("explained_by_words"))
    return [*sentences, *review_of(turn, turn.products)]


def _speaks_for(turn: ComposerTurn, product: Shown) -> tuple[str, bool]:
    known = attributes(product, turn.phrases)
    limited = [name for item in turn.reading.limits for name in attribute_names(item.field) if name in known]
    asked = relevant(product, frozenset(tokens(turn.reading.terms)), _ASKED, turn.phrases)
    said = [spoken(name, known[name], turn.phrases) for name in dict.fromkeys([*limited, *asked])]
    reasons = _all_reasons(turn, product)
    facts = [*facts_of(turn, product), *said, *(reason.text for reason in reasons)]
    markers = [marker for reason in reasons for marker in reason.markers]
    return side(turn, product, facts, markers), bool(said or reasons)


def _all_reasons(turn: ComposerTurn, product: Shown) -> list[Why]:
    found: list[Why] = []
    while len(found) < _REASONS and (reason := why(turn, product, {one.kind for one in found})):
        found.append(reason)
    return found
