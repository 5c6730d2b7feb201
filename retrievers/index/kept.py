"""A generation of the embedded index that is still on disk, whether it is served or not."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrievers.index.edge import EdgeIndex
from retrievers.index.generations import Generations
from retrievers.index.owner import open_index
from retrievers.index.protocol import Index


class UnknownGeneration(Exception):
    """There is no such generation; the message lists those there are."""


@contextmanager
def open_generation(data: Path, name: str) -> Iterator[Index]:
    """Raises UnknownGeneration, IndexUnavailable.

    One that is not served is read from a copy: a directory has one opener, and a rollback must find it free.
    """
    generations = Generations(data)
    kept = [manifest.generation for manifest in generations.finished()]
    if name not in kept:
        raise UnknownGeneration(f"there is no index generation {name!r}; kept are {', '.join(kept) or 'none'}")
    if name == generations.alias().current:
        with closing(open_index(data)) as served:
            yield served
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "generation"
        shutil.copytree(generations.directory(name), copy)
        with closing(EdgeIndex(copy, generations.manifest(name))) as index:
            yield index
