"""What a buyer says, when it tells something about the product."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from graphs.models.composer.extract import quotations
from graphs.models.composer.turn import ComposerTurn, Shown, cite
from graphs.verification.examine import examine
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens

_FIRST_PERSON = re.compile(r"(?:I|My|We|Our)\b")  # begins to tell of the buyer, not of the product
_STRONG = 2  # a word of the question or of an attribute; a word of the description is half of that


def review_of(turn: ComposerTurn, products: Sequence[Shown]) -> list[str]:
    """The most telling sentence about the first of these products that has one; none when none says anything."""
    for product in products:
        told = sorted(_candidates(turn, product), key=lambda candidate: -candidate[0])
        for _, sentence in told:
            if examine(sentence, turn.sources, turn.phrases.lang).verdict == "supported":
                return [sentence]
    return []


def _candidates(turn: ComposerTurn, product: Shown) -> Iterator[tuple[int, str]]:
    """Sentences with how telling they are, those that tell nothing left out."""
    named = frozenset(tokens(f"{product.title} {product.evidence.metadata.get('kind') or ''}"))
    strong = turn.asked().union(tokens(" ".join(_facts(product)))) - named
    weak = frozenset(tokens(str(product.evidence.metadata.get("description") or ""))) - named - strong
    for marker, item in turn.of_type(DocumentType.REVIEW):
        if str(item.metadata.get("product_id")) != product.product_id:
            continue
        for quote in quotations(item.text):
            said = frozenset(tokens(quote))
            telling = _STRONG * len(said & strong) + len(said & weak)
            if telling >= _STRONG and not _FIRST_PERSON.match(quote):
                yield telling, _sentence(turn, product, quote, marker)


def _sentence(turn: ComposerTurn, product: Shown, quote: str, marker: str) -> str:
    begun = quote[:1].upper() + quote[1:]
    return turn.phrases.say("review", title=product.short_title, quote=begun, cite=cite([marker, product.marker]))


def _facts(product: Shown) -> Iterator[str]:
    """Names of attributes and what they say in words."""
    for name, value in (product.evidence.metadata.get("attributes") or {}).items():
        yield name.replace("_", " ")
        if isinstance(value, str):
            yield value
