"""The passage of a source that best supports a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from graphs.verification.language import Language
from graphs.verification.quantities import Figure, read_figures, spoken_numbers
from retrievers.embedding.tokens import tokens

_PIECE = re.compile(r"[^\n]*?(?:[.!?…。！？]+[\"'”’)]*(?=\s)|\n|\Z)", re.DOTALL)
_WIDEST = 3  # sentences; a claim spread wider than that is not one statement of the source

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Passage:
    """`text` is `source[start:end]`; offsets count code points. What it says is read when first asked for."""

    text: str
    start: int
    end: int
    spoken: Language
    sentences: tuple[Passage, ...] = ()  # what a wider passage is made of

    @cached_property
    def words(self) -> frozenset[str]:
        told = (sentence.words for sentence in self.sentences)
        return frozenset[str]().union(*told) if self.sentences else frozenset(tokens(self.text))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        if self.sentences:
            return tuple(figure for sentence in self.sentences for figure in sentence.figures)
        return (*read_figures(self.text, self.spoken), *spoken_numbers(self.text, self.spoken))

    @cached_property
    def pairs(self) -> Pairs:
        """Stems that stand side by side."""
        return frozenset(pairwise(tokens(self.text)))


@dataclass(frozen=True, slots=True)
class Needs:
    """What a sentence wants from its sources: stems of its content words, and its figures."""

    words: frozenset[str]
    figures: tuple[Figure, ...]


@lru_cache(maxsize=1024)
def best_passage(text: str, needs: Needs, spoken: Language) -> Passage | None:
    """One to three neighbouring sentences that hold most of what is needed; the shortest and earliest of equals.

    None when the source has nothing of it, which is how a span fails to exist.
    """
    sentences = sentences_of(text, spoken)
    held = [_held(sentence, needs) for sentence in sentences]
    best, found = (0.0, 0, 0), slice(0)
    for first in range(len(sentences)):
        words, figures = held[first]
        for width in range(1, _WIDEST + 1):
            if not (words or figures) or first + width > len(sentences):
                break  # nothing here to begin with: the passage that begins later is shorter
            if width > 1:
                words, figures = words | held[first + width - 1][0], figures | held[first + width - 1][1]
            # A figure is rarer than a word: it decides between passages that share the words.
            rank = (len(words) + 2.0 * len(figures), -width, -first)
            if rank > best:
                best, found = rank, slice(first, first + width)
    return _join(text, sentences[found], spoken) if best[0] else None


def whole(text: str, spoken: Language) -> Passage:
    """The source as one passage."""
    return Passage(text, 0, len(text), spoken)


def states(figure: Figure, figures: Collection[Figure]) -> bool:
    return any(figure.equals(other) for other in figures)


@lru_cache(maxsize=512)
def sentences_of(text: str, spoken: Language) -> tuple[Passage, ...]:
    """Every sentence and line of a source, read once."""
    return tuple(Passage(text[start:end], start, end, spoken) for start, end in pieces_of(text))


@lru_cache(maxsize=2048)
def pieces_of(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences and lines of a source, without white space around them."""
    spans = []
    for piece in _PIECE.finditer(text):
        bare = piece.group().strip()
        if bare:
            start = piece.start() + piece.group().index(bare)
            spans.append((start, start + len(bare)))
    return tuple(spans)


_Held = tuple[frozenset[str], frozenset[int]]
_NONE = frozenset[int]()


def _held(sentence: Passage, needs: Needs) -> _Held:
    """The words and the figures, by place, of the needed ones that a sentence holds."""
    words = needs.words & sentence.words
    if not needs.figures:
        return words, _NONE
    return words, frozenset(place for place, each in enumerate(needs.figures) if states(each, sentence.figures))


def _join(text: str, sentences: tuple[Passage, ...], spoken: Language) -> Passage:
    if len(sentences) == 1:
        return sentences[0]
    start, end = sentences[0].start, sentences[-1].end
    return Passage(text[start:end], start, end, spoken, sentences)
