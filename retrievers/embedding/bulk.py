"""Embedding many texts on several cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.index.protocol import Vector

_CHUNK = 128  # texts; about half a second of work, so that progress moves


def embed_bulk(
    texts: Sequence[str],
    cache_dir: Path,
    workers: int,
    progress: Callable[[int], None],
    max_tokens: int = 128,
) -> Vector:
    """The same vectors as `MiniLmEmbedder.documents`, shape (len(texts), dimensions), whatever the number of workers.

    `progress` gets the number of texts done since it was last called. Raises BrokenProcessPool if a worker is killed.
    """
    embedder = _embedder(cache_dir, max_tokens)  # exports the model, if need be, before the workers look for it
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    if workers < 2 or len(chunks) < 2:
        return _gathered(map(embedder.documents, chunks), embedder.dimensions, progress)
    # spawn, not fork: the parent has threads running by now
    with ProcessPoolExecutor(min(workers, len(chunks)), get_context("spawn")) as pool:
        done = pool.map(partial(_embed_chunk, cache_dir, max_tokens), chunks)
        return _gathered(done, embedder.dimensions, progress)


def _gathered(done: Iterator[Vector], dimensions: int, progress: Callable[[int], None]) -> Vector:
    parts = [np.empty((0, dimensions), np.float32)]
    for part in done:
        parts.append(part)
        progress(len(part))
    return np.concatenate(parts)


def _embed_chunk(cache_dir: Path, max_tokens: int, texts: Sequence[str]) -> Vector:
    return _embedder(cache_dir, max_tokens).documents(texts)


@lru_cache(maxsize=1)  # a worker process loads the model once
def _embedder(cache_dir: Path, max_tokens: int) -> MiniLmEmbedder:
    return MiniLmEmbedder(cache_dir, threads=1, max_tokens=max_tokens)
