"""A thing the catalogue has no name for: sold here under another name, or not sold.

Some words of a request are in some card or other ("red" of "red wine", "washing machine" on how a duvet is washed),
and something is always the nearest. Neither says that the shop has the thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from retrievers.embedding.tokens import tokens
from retrievers.index.protocol import Hit
from retrievers.ranking.fit import names_of
from retrievers.reading.language import patterns
from retrievers.reading.wishes import TURN
from retrievers.records import Reading

_KIN = 0.48  # cosine that the names of unrelated kinds of things stay below
_NEAREST = 10  # products whose kinds are compared

_BREAK = re.compile(r"[,;:.!?…](?:\s|$)")
_FURTHER = re.compile(r"\b(?:to|in|on|of|at|against)\b", re.IGNORECASE)

Likeness = Callable[[str, str], float]  # cosine of two names of things


@dataclass(frozen=True, slots=True)
class Thing:
    """`name` as it was said, without what it is for; `head` are the tokens of its last word."""

    name: str
    last: str
    head: frozenset[str]

    @classmethod
    def of(cls, reading: Reading) -> Thing | None:
        """None where the catalogue knows what is asked for, no thing is named ("something for a long run"), nothing
        is said that the embedder could read, or more is said than one thing: it may be a story, and a present."""
        said = reading.terms.split()
        if reading.head or reading.goes_with or reading.intent not in ("product", "compare") or _goes_on(reading, said):
            return None
        asked = _asked(reading.question)
        named = [word for word in said if word.isascii() and word.casefold() in asked] or _translated(said)
        return cls(" ".join(named), named[-1], frozenset(tokens(named[-1]))) if named else None

    def among(self, hits: Iterable[Hit], floor: float, strangers: float, likeness: Likeness) -> bool:
        """Whether any of them is called that, is described so, or is near it both as a card and as a kind of thing.

        `floor` and `strangers` are the catalogue's, for cards.
        """
        found = sorted(hits, key=lambda hit: -(hit.cosine or 0.0))
        near = found[:_NEAREST]
        return (
            any(hit.cosine is None or self.head & names_of(hit.evidence) for hit in found)
            or any(self._described(hit, floor) for hit in found)
            or any(self._kin(hit, likeness) >= strangers + _KIN for hit in near)
        )

    def _described(self, hit: Hit, floor: float) -> bool:
        """Several words, all of them in one card, may say what it is good for: "back pain"."""
        return " " in self.name and hit.coverage >= 1.0 and (hit.cosine or 0.0) >= floor

    def _kin(self, hit: Hit, likeness: Likeness) -> float:
        kind = str(hit.evidence.metadata.get("kind") or "")
        near = max(likeness(self.name, kind), likeness(self.last, kind)) if kind else 0.0
        return (hit.cosine or 0.0) + near


def _goes_on(reading: Reading, said: list[str]) -> bool:
    """Whether what is searched for is also said behind a comma or the end of a sentence."""
    _, *further = _BREAK.split(reading.question)
    return any(word.casefold() in " ".join(further).casefold() for word in said)


def _asked(question: str) -> str:
    """In lower case, up to where it is said what the thing is for or what it is like."""
    for pattern in patterns("about", "seeks"):
        question = pattern.sub(" ", question)
    return _FURTHER.split(TURN.split(question)[0])[0].casefold()


def _translated(said: list[str]) -> list[str]:
    """The English that follows Korean words; nothing of a request that begins in English."""
    return [word for word in said if word.isascii()] if said and not said[0].isascii() else []
