"""The words beside a value, which may name the attribute it is of: "king size", "SPF 50", "for four persons"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrievers.choices import PIECE
from retrievers.embedding.tokens import stem
from retrievers.reading.language import table
from retrievers.reading.vocabulary import naming_stems, says_nothing

_OUTSIDE = re.compile(r"\b(?:for|without|from|by|compatible|that|which|under|below)\b|[;:]", re.IGNORECASE)
_FOR = re.compile(r"\bfor\s+$", re.IGNORECASE)
_TURN = re.compile(r"[,;?!]")
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
        return stem(self.words(place, place + 1)[0]) in naming_stems(attribute)

    def name(self, attribute: str, first: int, last: int, kind: str | None) -> bool:
        """Whether the words right before and behind these characters say the attribute's name.

        The name of the thing itself says nothing of its attribute: "cat6 cable" is told by no `cable_type`.
        """
        before, after = _TURN.split(self.text[:first])[-1], _TURN.split(self.text[last:])[0]
        meant = naming_stems(attribute)
        near = [*_nearest(PIECE.findall(before)[::-1], len(meant)), *_nearest(PIECE.findall(after), len(meant))]
        said = {stem(meaning) for word in near for meaning in (word, *table("name_words").get(word, ()))}
        return meant <= said and bool(meant - {kind})


def _nearest(words: Sequence[str], count: int) -> list[str]:
    """So many words, not counting those that say nothing."""
    looked = [word.casefold() for word in words[:_LOOKED_AT]]
    telling = [word for word in looked if not says_nothing(word)]
    return [*telling[:count], *(word for word in looked[:1] if says_nothing(word))]
