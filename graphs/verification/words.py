"""Content words of a text, each with the stems that show where else it is said."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphs.verification.language import Language, is_hangul
from graphs.verification.quantities import Figure
from retrievers.embedding.tokens import tokens

# One or two syllables right behind a Latin word or a figure are a particle, not a word: "Fjell은".
_WORD = re.compile(r"(?<![^\W_가-힣])[가-힣]+|(?<=[^\W_가-힣])[가-힣]{3,}|[^\W_가-힣]+(?:[-'’][^\W_가-힣]+)*")


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


def words_of(text: str, figures: Sequence[Figure], spoken: Language) -> tuple[Word, ...]:
    """Content words outside the text's figures, in order."""
    taken = [range(figure.start, figure.end) for figure in figures]
    found = (word for word in _WORD.finditer(text) if not any(word.start() in span for span in taken))
    return tuple(made for word in found if (made := _word(word.group(), word.start(), spoken)) is not None)


@lru_cache(maxsize=16_384)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(tokens(word))


def _word(text: str, start: int, spoken: Language) -> Word | None:
    stems = _stems(text)
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
