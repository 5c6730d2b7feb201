"""A sentence taken apart: the words and figures it needs its sources to hold."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from graphs.verification.language import Language
from graphs.verification.markers import markers, without_markers
from graphs.verification.passages import Needs
from graphs.verification.quantities import Figure, read_figures, spoken_numbers
from graphs.verification.words import Word, words_of
from retrievers.embedding.tokens import tokens

_QUOTE = re.compile(r"“([^“”]+)”")


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
    def numbers(self) -> tuple[Figure, ...]:
        """Figures and numbers written as words."""
        return (*self.figures, *spoken_numbers(self.bare, self.spoken))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Content words outside figures."""
        return words_of(self.bare, self.figures, self.spoken)

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
    def stems_joined(self) -> frozenset[str]:
        """Stems, and neighbouring words written as one: "light weight" says lightweight."""
        pairs = (f"{one.text}{other.text}" for one, other in pairwise(self.words))
        return self.stems | frozenset(stem for pair in pairs for stem in tokens(pair))

    @cached_property
    def needs(self) -> Needs:
        return Needs(self.stems, self.figures)
