"""Which words the catalogue's texts are written in, for telling a slip of the pen in a request from a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[a-z]{5,}")  # shorter ones are too like each other
_COMMON = 3  # products; what fewer say may be a slip of the catalogue's own
_FEW_PRODUCTS = 300  # of which every word counts


def common_words(texts: Iterable[str]) -> list[str]:
    """Sorted, as written, in lower case."""
    uses = Counter[str]()
    products = 0
    for text in texts:
        uses.update(set(_words(text)))
        products += 1
    least = _COMMON if products > _FEW_PRODUCTS else 1
    return sorted(word for word, count in uses.items() if count >= least)


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(text.casefold())
