"""How far free text supports a sentence: its words, their order, its numbers and its names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from graphs.verification.language import is_hangul, thresholds
from graphs.verification.passages import Pairs, states
from graphs.verification.quantities import Figure
from graphs.verification.words import Word

_NAME = re.compile(r"[A-Z]|\d")

Degree = Literal["supported", "uncertain", "unsupported"]


@dataclass(frozen=True, slots=True)
class Support:
    """Shares of a sentence that its sources hold: content words, neighbouring pairs of them, numbers, names."""

    words: float
    pairs: float
    numbers: float
    names: float

    @property
    def score(self) -> float:
        """Between -0.4 and 1; weights in `data/thresholds.toml`."""
        weigh = thresholds()
        held = (1 - weigh["pairs"]) * self.words + weigh["pairs"] * self.pairs
        return held - weigh["numbers"] * (self.numbers < 1) - weigh["names"] * (1 - self.names)

    @property
    def degree(self) -> Degree:
        if self.score >= thresholds()["supported"]:
            return "supported"
        return "uncertain" if self.score >= thresholds()["uncertain"] else "unsupported"


NOTHING = Support(
    words=0.0, pairs=0.0, numbers=1.0, names=1.0
)  # a sentence without words needs no support and has none


@dataclass(frozen=True, slots=True)
class Said:
    """What the cited passages say together: stems, stems that stand side by side, and figures."""

    words: frozenset[str]
    pairs: Pairs
    figures: tuple[Figure, ...]


def support(
    words: Sequence[Word],
    figures: Sequence[Figure],
    passage: Said,
    source: Collection[str],
    numbers: Collection[Figure],
) -> Support:
    """Words, figures and their order must stand in the passage; names and numbers at least somewhere in the sources.

    At least one word or figure is needed.
    """
    held = [word.held_by(passage.words) for word in words]
    stated = [states(figure, passage.figures) for figure in figures]
    proper = [word.start > 0 and _NAME.match(word.text) is not None for word in words]
    weights = [thresholds()["proper"] if each else 1.0 for each in (*proper, *(True for _ in figures))]
    share = sum(weight for weight, there in zip(weights, (*held, *stated), strict=True) if there) / sum(weights)
    ordered = [_side_by_side(one, other, passage) for one, other in pairwise(words)]
    return Support(
        words=share,
        pairs=_share(ordered) if ordered else share,
        numbers=_share([states(figure, numbers) for figure in figures]),
        names=_share([word.held_by(source) for word, each in zip(words, proper, strict=True) if each]),
    )


def _side_by_side(one: Word, other: Word, passage: Said) -> bool:
    """A translated word has no neighbours in the source; it counts where it is held."""
    if is_hangul(one.text) or is_hangul(other.text):
        return one.held_by(passage.words) and other.held_by(passage.words)
    return any((left, right) in passage.pairs for left in one.stems for right in other.stems)


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 1.0
