"""How much a request reads like the attacks a shop has seen: log-odds over hashed n-grams."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 14
_WORD = re.compile(r"\w+|[^\w\s]")
_MOST_WORDS = 300
_CHARACTERS = (3, 4, 5)


@dataclass(frozen=True, eq=False)
class NgramModel:
    """A linear model: the mean weight of a text's n-grams, scaled by the root of their number, plus a bias.

    `weights` has shape (BUCKETS,) and is one byte a bucket; a score above `threshold` is a flag.
    """

    weights: NDArray[np.int8]
    scale: float
    bias: float
    threshold: float

    @classmethod
    def shipped(cls) -> NgramModel:
        """The weights in the package. Raises OSError or ValueError when they cannot be read."""
        return _shipped()

    @classmethod
    def read(cls, file: IO[bytes]) -> NgramModel:
        with np.load(file, allow_pickle=False) as saved:
            scale, bias, threshold = (float(number) for number in saved["numbers"])
            return cls(saved["weights"], scale, bias, threshold)

    def write(self, path: Path) -> None:
        numbers = np.array([self.scale, self.bias, self.threshold])
        np.savez_compressed(path, weights=self.weights, numbers=numbers)

    def score(self, text: str) -> float:
        """Log-odds of an attack; `text` is normalised."""
        found = buckets(text)
        if not len(found):
            return self.bias
        return float(self.weights[found].sum(dtype=np.int64)) * self.scale / float(np.sqrt(len(found))) + self.bias

    def flags(self, text: str) -> bool:
        return self.score(text) > self.threshold


def buckets(text: str) -> NDArray[Any]:
    """The buckets of a text's words, pairs of words and pieces of three to five letters; each once, sorted."""
    words = _WORD.findall(text.lower())[:_MOST_WORDS]
    return np.array(sorted({zlib.crc32(gram.encode()) % BUCKETS for gram in _grams(words)}), dtype=np.int64)


def _grams(words: list[str]) -> Iterator[str]:
    yield from (f"w{word}" for word in words)
    yield from (f"b{first} {second}" for first, second in pairwise(words))
    for word in words:
        bounded = f"<{word}>"
        for size in _CHARACTERS:
            yield from (f"c{bounded[at : at + size]}" for at in range(len(bounded) - size + 1))


@cache
def _shipped() -> NgramModel:
    with files("graphs.guardrails").joinpath("data", "ngrams.npz").open("rb") as file:
        return NgramModel.read(file)
