"""Words as the keyword side of the index sees them; whoever compares texts word by word uses the same ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import snowballstemmer

_MARKS = str.maketrans(
    {"™": " ", "®": " ", "©": " ", "’": "'", "‐": "-", "‑": "-"}
)  # before NFKC, which spells ™ as TM
_HANGUL = "\uac00-\ud7a3"
_WORD = re.compile(
    rf"[{_HANGUL}]+"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![^\W_])"  # 4,000
    r"|\d+\.\d+(?![^\W_])"  # 2.4
    rf"|[^\W_{_HANGUL}]+(?:[-'][^\W_{_HANGUL}]+)*"
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORTEST_HUMP = 3  # letters; "iPhone" is a phone, not an i


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """English function words that say nothing about a product; negations are not among them."""
    return frozenset((files(__package__) / "stop_words.txt").read_text("utf-8").split())


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English Snowball stem of a lower-case word. A stemmer keeps its word on itself, so each call has its own."""
    return word if word.isdecimal() else str(snowballstemmer.stemmer("english").stemWord(word))


def tokens(text: str) -> list[str]:
    """Stems in reading order, with repeats and without stop words; "4,000" is "4000" and "2.4" stays whole.

    A hyphenated word gives itself without the hyphens, then its parts: "dv7-1211ea" is found by "dv71211ea" and by
    "dv7", and "wi-fi" by "wifi"; "LaserJet" is also found by "laser". Hangul is cut into overlapping pairs of
    syllables, since Korean joins its particles.
    """
    normal = text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_MARKS))
    return [token for word in _WORD.findall(normal) for token in _split(word)]


@lru_cache(maxsize=65_536)
def _split(cased: str) -> tuple[str, ...]:
    return tuple(_parts(cased))


def _parts(cased: str) -> Iterator[str]:
    word = cased.lower()
    if "가" <= word[0] <= "힣":
        yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
    elif word[0].isdecimal() and ("," in word or "." in word):
        yield word.replace(",", "")
    elif word not in stop_words():
        parts = word.split("-")
        if len(parts) > 1:
            yield stem("".join(parts))
        yield from (stem(part) for part in parts if part not in stop_words())
        humps = _HUMP.split(cased)
        if len(humps) > 1:
            yield from (stem(part.lower()) for part in humps if len(part) >= _SHORTEST_HUMP)
