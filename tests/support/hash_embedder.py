"""A cheap embedder: what is asked of the limits does not hang on meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from retrievers.index.protocol import Vector


class HashEmbedder:
    """Unit vectors that depend on nothing but the text; remembers what it embedded."""

    name = "hash"
    dimensions = 16

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def query(self, text: str) -> Vector:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).normal(size=self.dimensions)
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def documents(self, texts: Sequence[str]) -> Vector:
        return np.stack([self.query(text) for text in texts])

    def bulk(self, texts: Sequence[str], progress: Callable[[int], None]) -> Vector:
        self.embedded.extend(texts)
        progress(len(texts))
        return self.documents(texts)
