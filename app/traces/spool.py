"""A bounded file for what could not be stored yet, shared by the processes of one data directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MOST_BYTES = 64 * 1024 * 1024


class Spool:
    """Lines in the order they came. A process that dies leaves at most half a line, which is passed over."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path, self._most_bytes = path, most_bytes

    def add(self, lines: Sequence[str]) -> int:
        """How many were kept: all, or none when they do not fit or the disk is full."""
        try:
            with self._locked() as file:
                before = file.seek(0, os.SEEK_END)
                data = "".join(("" if _is_whole(file, before) else "\n", *(f"{line}\n" for line in lines))).encode()
                if before + len(data) > self._most_bytes:
                    return 0
                try:
                    file.write(data)
                    file.flush()
                except OSError:
                    file.truncate(before)
                    return 0
        except OSError:
            return 0
        return len(lines)

    def drain(self, keep: Callable[[Sequence[str]], object]) -> int:
        """Hands over all lines and forgets them once `keep` returns; what it raises leaves them where they are."""
        with self._locked() as file:
            lines = _lines(file)
            if lines:
                keep(lines)
            file.truncate(0)
        return len(lines)

    def rewrite(self, kept: Callable[[Sequence[str]], Sequence[str]]) -> int:
        """How many lines were taken out: only those that `kept` leaves stay. Raises OSError."""
        if self.is_empty:
            return 0
        with self._locked() as file:
            lines = _lines(file)
            stay = kept(lines)
            if len(stay) < len(lines):
                file.truncate(0)
                file.write("".join(f"{line}\n" for line in stay).encode())
        return len(lines) - len(stay)

    def lines(self) -> list[str]:
        """As they are now. Raises OSError."""
        if self.is_empty:
            return []
        with self._locked() as file:
            return _lines(file)

    @property
    def is_empty(self) -> bool:
        try:
            return self._path.stat().st_size == 0
        except OSError:
            return True

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            yield file


def _is_whole(file: IO[bytes], size: int) -> bool:
    """Whether the last line came to its end, so that another may follow."""
    if not size:
        return True
    file.seek(size - 1)
    return file.read(1) == b"\n"


def _lines(file: IO[bytes]) -> list[str]:
    return [line for line in file.read().decode("utf-8", "replace").split("\n") if line.endswith("}")]
