"""How well a product's name fits the words of a request, beyond what the engine's fused score says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrievers.embedding.tokens import tokens
from retrievers.ranking.candidates import Candidate
from retrievers.records import Evidence, Reading

_HEAD = 0.5  # for being the kind of thing asked for, rather than something for it
_COVERAGE = 0.3  # for the share of the request's words in the title
_IDENTIFIERS = 0.4  # for the share of its model numbers anywhere in the card
_QUALITY = 0.1  # for five stars over the middling, from many buyers
_MIDDLING, _SPAN = 3.5, 1.5  # stars
_DOUBT = 5  # ratings as many as this count half
_IDENTIFIER = re.compile(r"(?=\w*\d)(?=\w*[a-z])\w{2,}|\d{4,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The request, cut into words once for all candidates."""

    open: bool
    head: str | None
    words: frozenset[str]
    identifiers: frozenset[str]

    @classmethod
    def of(cls, reading: Reading) -> Asked:
        words = frozenset(tokens(reading.terms))
        return cls(
            open=reading.intent == "open",
            head=reading.head,
            words=words,
            identifiers=frozenset(word for word in words if _IDENTIFIER.fullmatch(word)),
        )

    def fit(self, candidate: Candidate) -> float:
        """At most the sum of the weights above; the engine's own score counts 1 at most."""
        heads = candidate.evidence.metadata.get("heads") or ()
        score = _HEAD if self.head is not None and self.head in heads else 0.0
        if self.words:
            score += _COVERAGE * len(self.words & set(tokens(candidate.evidence.title))) / len(self.words)
        if self.identifiers:
            card = candidate.evidence.text.lower()
            score += _IDENTIFIERS * sum(word in card for word in self.identifiers) / len(self.identifiers)
        return score + _quality(candidate)

    def mentioned_by(self, product: Evidence) -> bool:
        """Whether the card says any word of the request where it says what the product is."""
        about = [product.title, str(product.metadata.get("kind") or ""), *(product.metadata.get("category") or ())]
        named = " ".join(
            [*about, str(product.metadata.get("brand") or ""), *(product.metadata.get("identifiers") or ())]
        )
        return bool(self.words.intersection(tokens(named)))


def _quality(candidate: Candidate) -> float:
    """What buyers think, shrunk towards nothing while they are few."""
    if candidate.rating is None:
        return 0.0
    count = candidate.rating_count or 0
    return _QUALITY * (candidate.rating - _MIDDLING) / _SPAN * count / (count + _DOUBT)
