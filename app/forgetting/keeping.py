"""What a place that keeps something of shoppers has to say for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is to be forgotten, and every conversation known to be theirs before anything was erased."""

    user_id: str
    threads: Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Tables of our databases, and files of the data directory by patterns of their relative paths."""

    tables: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()

    def holds_table(self, name: str) -> bool:
        return name in self.tables

    def holds_file(self, path: str) -> bool:
        return any(fnmatch(path, pattern) for pattern in self.files)


class Keeper(Protocol):
    """`name` is what the answer calls it when something is found again, `counted` what `erase` counts.

    Both methods raise FeaturesUnavailable and ShopStoreError.
    """

    @property
    def name(self) -> str: ...

    @property
    def counted(self) -> str: ...

    @property
    def place(self) -> Place: ...

    async def erase(self, asked: Asked) -> int: ...

    async def is_left(self, asked: Asked) -> bool:
        """Read back from where it was."""
        ...
