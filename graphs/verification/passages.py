"""The passage of a source that best supports a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphs.verification.language import Language
from graphs.verification.quantities import Figure, read_figures, spoken_numbers
from retrievers.embedding.tokens import tokens

_PIECE = re.compile(r"[^\n]*?(?:[.!?…。！？]+[\"'”’)]*(?=\s)|\n|\Z)", re.DOTALL)
_WIDEST = 3  # sentences; a claim spread wider than that is not one statement of the source


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is `source[start:end]`; offsets count code points."""

    text: str
    start: int
    end: int
    words: frozenset[str]
    figures: tuple[Figure, ...]


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
    pieces = pieces_of(text)
    best: tuple[tuple[float, int, int], Passage] | None = None
    for width in range(1, _WIDEST + 1):
        for first in range(len(pieces) - width + 1):
            passage = _join(text, pieces[first : first + width], spoken)
            found = _score(passage, needs)
            rank = (found, -width, -first)
            if found and (best is None or rank > best[0]):
                best = (rank, passage)
    return best[1] if best else None


def whole(text: str, spoken: Language) -> Passage:
    """The source as one passage."""
    return _passage(text, 0, len(text), spoken)


def states(figure: Figure, figures: Collection[Figure]) -> bool:
    return any(figure.equals(other) for other in figures)


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


def _score(passage: Passage, needs: Needs) -> float:
    # A figure is rarer than a word: it decides between passages that share the words.
    return len(needs.words & passage.words) + 2.0 * sum(states(figure, passage.figures) for figure in needs.figures)


def _join(text: str, pieces: Sequence[tuple[int, int]], spoken: Language) -> Passage:
    start, end = pieces[0][0], pieces[-1][1]
    return _passage(text[start:end], start, end, spoken)


def _passage(text: str, start: int, end: int, spoken: Language) -> Passage:
    words, figures = _content(text, spoken)
    return Passage(text, start, end, words, figures)


@lru_cache(maxsize=8192)
def _content(text: str, spoken: Language) -> tuple[frozenset[str], tuple[Figure, ...]]:
    return frozenset(tokens(text)), (*read_figures(text, spoken), *spoken_numbers(text, spoken))
