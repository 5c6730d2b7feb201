"""A sentence taken apart: the words and figures it needs its sources to hold."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from graphs.verification.language import Language, is_hangul
from graphs.verification.markers import markers, without_markers
from graphs.verification.passages import Needs
from graphs.verification.quantities import Figure, read_figures
from retrievers.embedding.tokens import tokens

# One or two syllables right behind a Latin word or a figure are a particle, not a word: "Fjell은".
_WORD = re.compile(r"(?<![^\W_가-힣])[가-힣]+|(?<=[^\W_가-힣])[가-힣]{3,}|[^\W_가-힣]+(?:[-'’][^\W_가-힣]+)*")

_QUOTE = re.compile(r"“([^“”]+)”")


@dataclass(frozen=True, slots=True)
class Word:
    """One content word. It is held by `share` of its `parts`, or by any one of `synonyms`."""

    text: str
    start: int
    parts: frozenset[str]
    synonyms: frozenset[str]
    share: float = 1.0

    @property
    def stems(self) -> frozenset[str]:
        return self.parts | self.synonyms

    def held_by(self, words: Collection[str]) -> bool:
        if not self.synonyms.isdisjoint(words):
            return True
        held = sum(part in words for part in self.parts)
        return held > 0 and held >= self.share * len(self.parts)


@dataclass(frozen=True)
class Statement:
    """`bare` is the sentence without markers; word and figure offsets count its code points."""

    text: str
    spoken: Language

    @cached_property
    def markers(self) -> tuple[str, ...]:
        return markers(self.text)

    @cached_property
    def bare(self) -> str:
        return without_markers(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(read_figures(self.bare, self.spoken))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Content words outside figures."""
        taken = [range(figure.start, figure.end) for figure in self.figures]
        found = (word for word in _WORD.finditer(self.bare) if not any(word.start() in span for span in taken))
        return tuple(made for word in found if (made := _word(word.group(), word.start(), self.spoken)) is not None)

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """What stands between quotation marks."""
        return tuple(found.group(1) for found in _QUOTE.finditer(self.bare))

    def quoted(self, position: int, quotes: Collection[str]) -> bool:
        """Whether a place in the sentence is inside one of these quotes."""
        spans = (found.span(1) for found in _QUOTE.finditer(self.bare) if found.group(1) in quotes)
        return any(start <= position < end for start, end in spans)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem for word in self.words for stem in word.stems)

    @cached_property
    def needs(self) -> Needs:
        return Needs(self.stems, self.figures)


def _word(text: str, start: int, spoken: Language) -> Word | None:
    stems = tokens(text)
    if not stems:
        return None
    if is_hangul(text):
        said = (meaning for word, meaning in spoken.glossary.items() if text.startswith(word))
        synonyms = frozenset(stem for meaning in said for word in meaning for stem in tokens(word))
        # Half of the pairs of syllables: the rest are particles and endings.
        return Word(text, start, frozenset(stems), synonyms, share=0.5)
    if len(stems) == 1:
        return Word(text, start, frozenset(stems), frozenset())
    return Word(text, start, frozenset(stems[1:]), frozenset(stems[:1]))
