"""A slip of the pen in the name of a kind: "runing shoes", "labtop"."""

from __future__ import annotations

import re
from functools import lru_cache

from retrievers.embedding.tokens import stem
from retrievers.reading.language import said
from retrievers.reading.vocabulary import Vocabulary

_WORD = re.compile(r"(?<![^\W_])(?<!['’&.-])[a-z]{5,}(?![^\W_])(?!['’&.-])", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]{5,}")
_NAME = re.compile(r"[A-Z]")


def spelled(text: str, vocabulary: Vocabulary) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with such words as the catalogue writes them, and each with what it was read as.

    Only a word that nothing here knows, with exactly one known word a letter away; names inside a sentence stay.
    """
    slips: list[tuple[str, str]] = []
    pieces: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        word = found.group(0)
        named = found.start() > 0 and _NAME.match(word)
        meant = None if named else _meant(word.casefold(), vocabulary)
        if meant:
            slips.append((word, meant))
            pieces += [text[end : found.start()], meant]
            end = found.end()
    return "".join([*pieces, text[end:]]), tuple(slips)


def one_letter_apart(one: str, other: str) -> bool:
    """A letter more, less or other, or two that changed places; the first letter is seldom wrong, and must agree."""
    if one == other or abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[start:], other[start:]
    swapped = len(rest) == len(others) > 1 and rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


def _meant(word: str, vocabulary: Vocabulary) -> str | None:
    named = _near(word, vocabulary.called) or _near(word.removesuffix("s"), vocabulary.called)
    if not named or vocabulary.knows(word) or word in _spoken():
        return None
    stems = {stem(near) for near in (*named, *_near(word, vocabulary.spoken))}
    return named[0] if len(stems) == 1 and stem(word) not in stems else None


def _near(word: str, known: frozenset[str]) -> list[str]:
    return sorted(other for other in known if one_letter_apart(word, other))


@lru_cache(maxsize=1)
def _spoken() -> frozenset[str]:
    """Words that the patterns of limits and wishes are made of."""
    return frozenset(_LETTERS.findall(" ".join(said()).casefold()))
