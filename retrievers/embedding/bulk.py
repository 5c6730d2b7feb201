"""Embedding many texts on several cores."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread, current_thread, main_thread

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

    `progress` gets the number of texts done since it was last called. Raises BrokenProcessPool if a worker is killed;
    interrupted, or killed itself, it leaves no worker behind.
    """
    embedder = _embedder(cache_dir, max_tokens)  # exports the model, if need be, before the workers look for it
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    if workers < 2 or len(chunks) < 2:
        return _gathered(map(embedder.documents, chunks), embedder.dimensions, progress)
    # spawn, not fork: the parent has threads running by now
    pool = ProcessPoolExecutor(min(workers, len(chunks)), get_context("spawn"), initializer=_end_with_parent)
    try:
        with _uninterrupted():
            done = pool.map(partial(_embed_chunk, cache_dir, max_tokens), chunks)
        return _gathered(done, embedder.dimensions, progress)
    finally:  # not the pool's own context: leaving it takes back that what waits is cancelled
        pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes begun here are deaf to Ctrl+C: a worker it ends may hold the lock that the others wait for."""
    if current_thread() is not main_thread():  # no other may say what a signal does
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end_with_parent() -> None:
    """A worker waits for work on a pipe that it holds open itself: it would outlive a parent that was killed."""
    parent = parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


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
