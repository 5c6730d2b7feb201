"""How well a product's name fits the words of a request, beyond what the engine's fused score says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrievers.candidates import Candidate
from retrievers.embedding.tokens import tokens
from retrievers.records import Reading

_HEAD = 0.5  # for being the kind of thing asked for, rather than something for it
_COVERAGE = 0.3  # for the share of the request's words in the title
_IDENTIFIERS = 0.4  # for the share of its model numbers anywhere in the card
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
        """Between 0 and the sum of the weights above; the engine's own score counts 1 at most."""
        heads = candidate.evidence.metadata.get("heads") or ()
        score = _HEAD if self.head is not None and self.head in heads else 0.0
        if self.words:
            score += _COVERAGE * len(self.words & set(tokens(candidate.evidence.title))) / len(self.words)
        if self.identifiers:
            card = candidate.evidence.text.lower()
            score += _IDENTIFIERS * sum(word in card for word in self.identifiers) / len(self.identifiers)
        return score
