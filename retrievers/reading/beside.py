"""The words beside a value, which may name the attribute it is of: "king size", "SPF 50", "for four persons"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrievers.choices import PIECE
from retrievers.embedding.tokens import stem
from retrievers.reading.language import table, words
from retrievers.reading.vocabulary import goes_unsaid, naming_words, one_of

_OUTSIDE = re.compile(r"\b(?:for|without|from|by|compatible|that|which|under|below)\b|[;:]", re.IGNORECASE)
_FOR = re.compile(r"\bfor\s+$", re.IGNORECASE)
_TURN = re.compile(r"[,;?!]")
_COUNTED = re.compile(r"\d[\s-]*[^\W\d_]+[\s-]*$")  # "3-person "
_LOOKED_AT = 5  # words on either side


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut into words, those joined by hyphens apart."""

    text: str
    found: Sequence[re.Match[str]]

    @classmethod
    def of(cls, text: str) -> Pieces:
        return cls(text, tuple(PIECE.finditer(text)))

    def words(self, start: int, end: int) -> list[str]:
        return [found.group(0).casefold() for found in self.found[start:end]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """In characters."""
        return self.found[start].start(), self.found[end - 1].end()

    def describes(self, start: int) -> bool:
        """Whether a word stands where the thing itself is described, or is all it is for: "perfume for men"."""
        before = self.text[: self.found[start].start()]
        return not _OUTSIDE.search(_FOR.sub("", before))

    def says(self, place: int, attribute: str) -> bool:
        """Whether this one word is of an attribute's name."""
        return one_of(self.words(place, place + 1)[0]) in naming_words(attribute)

    def name(self, attribute: str, first: int, last: int, kind: str | None) -> bool:
        """Whether the words right behind these characters, or before and behind, say the attribute's name.

        The name of the thing itself says nothing of its attribute: "cat6 cable" is told by no `cable_type`. A name
        behind another number is that one's: "3-person four-season".
        """
        meant = naming_words(attribute)
        if all(stem(word) == kind for word in meant):
            return False
        before, after = _TURN.split(self.text[:first])[-1], _TURN.split(self.text[last:])[0]
        behind = _nearest(PIECE.findall(after), len(meant))
        taken = _COUNTED.search(before)
        return meant <= _said(behind) or (
            not taken and meant <= _said([*behind, *_nearest(PIECE.findall(before)[::-1], len(meant))])
        )


def _said(near: Sequence[str]) -> set[str]:
    return {one_of(meaning) for word in near for meaning in (word, *table("name_words").get(word, ()))}


def _nearest(said: Sequence[str], count: int) -> list[str]:
    """So many words, fillers and what goes unsaid not counted; but the very next word may be all there is to say."""
    looked = [word.casefold() for word in said[:_LOOKED_AT]]
    fillers = words("empty") - table("name_words").keys()
    telling = [word for word in looked if not goes_unsaid(word) and word not in fillers]
    return [*telling[:count], *(word for word in looked[:1] if goes_unsaid(word))]
