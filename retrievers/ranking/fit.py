"""How well a product's name fits the words of a request, beyond what the engine's fused score says."""

from __future__ import annotations

from dataclasses import dataclass

from retrievers.embedding.tokens import tokens
from retrievers.identifiers import identifiers
from retrievers.ranking.candidates import Candidate
from retrievers.records import Evidence, Reading

_QUALITY = 0.15  # for five stars over the middling, from many buyers; the engine's score is 3.9 at most
_MIDDLING, _SPAN = 3.5, 1.5  # stars
_DOUBT = 5  # ratings as many as this count half


@dataclass(frozen=True, slots=True)
class Asked:
    """The request, cut into words once for all candidates."""

    open: bool
    words: frozenset[str]
    identifiers: frozenset[str]  # words that can be the number of a product

    @classmethod
    def of(cls, reading: Reading) -> Asked:
        words = frozenset(tokens(reading.terms))
        return cls(
            open=reading.intent == "open",
            words=words,
            identifiers=identifiers(reading.terms),
        )

    def fit(self, candidate: Candidate) -> float:
        """What adds to the engine's own score, within `_QUALITY` either way."""
        return _quality(candidate)

    def mentioned_by(self, product: Evidence) -> bool:
        """Whether the card says any word of the request where it says what the product is."""
        return bool(self.words & names_of(product))


def names_of(product: Evidence) -> frozenset[str]:
    """Tokens of what a card says where it says what the product is."""
    card = product.metadata
    about = (product.title, str(card.get("kind") or ""), *(card.get("category") or ()))
    return frozenset(tokens(" ".join((*about, str(card.get("brand") or ""), *(card.get("identifiers") or ())))))


def _quality(candidate: Candidate) -> float:
    """What buyers think, shrunk towards nothing while they are few."""
    if candidate.rating is None:
        return 0.0
    count = candidate.rating_count or 0
    return _QUALITY * (candidate.rating - _MIDDLING) / _SPAN * count / (count + _DOUBT)
