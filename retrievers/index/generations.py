"""The generations of an embedded index on disk, and which of them is served.

DATA/index/alias.json                     the served generation and the one before it, replaced atomically
DATA/snapshot.json                        popular documents of the served generation, for when the index is lost
DATA/index/generations/NAME/              one build: a directory for each document type, snapshot.json, manifest.json
DATA/index/generations/NAME.lock          held while NAME is being built
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from retrievers.index.codec import manifest_from_json, manifest_to_json
from retrievers.index.files import FileLock, write_atomically
from retrievers.index.protocol import IndexUnavailable, Manifest
from retrievers.index.schema import new_generation

_HINT = "run `shelfwise ingest products FILE` or `shelfwise demo`"


@dataclass(frozen=True, slots=True)
class Alias:
    current: str
    previous: str | None = None


class NoPreviousGeneration(Exception):
    """There is nothing to roll back to."""


class Generations:
    """Under the data directory `data`, which need not exist: reading creates nothing."""

    def __init__(self, data: Path) -> None:
        self.root = data / "index"
        self._builds = self.root / "generations"
        self._alias = self.root / "alias.json"

    def alias(self) -> Alias:
        """Raises IndexUnavailable when nothing was published yet."""
        try:
            return Alias(**json.loads(self._alias.read_text("utf-8")))
        except FileNotFoundError:
            raise IndexUnavailable(f"there is no index in {self.root.parent}: {_HINT}") from None
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnavailable(f"{self._alias} cannot be read ({error}): {_HINT}") from error

    def directory(self, name: str) -> Path:
        return self._builds / name

    def manifest(self, name: str) -> Manifest:
        """Raises IndexUnavailable when the generation is missing, unfinished or damaged."""
        path = self.directory(name) / "manifest.json"
        try:
            return manifest_from_json(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"index generation {name} is damaged ({path.name}: {error}): {_HINT}") from error

    def finished(self) -> list[Manifest]:
        """Newest first; unfinished and damaged ones are left out."""
        found = []
        for directory in self._directories():
            try:
                found.append(self.manifest(directory.name))
            except IndexUnavailable:
                continue
        return sorted(found, key=lambda manifest: manifest.created_at, reverse=True)

    @contextmanager
    def _switching(self) -> Iterator[None]:
        lock = FileLock(self.root / "publish.lock")
        lock.acquire(wait=True)
        try:
            yield
        finally:
            lock.release()

    def begin(self) -> Build:
        """A new, empty generation nobody reads; what broken-off builds left behind is removed."""
        self._builds.mkdir(parents=True, exist_ok=True)
        with self._switching():
            self._remove_unfinished()
        return Build(self._builds, new_generation())

    def publish(self, build: Build, manifest: Manifest) -> None:
        """Finishes the build with its manifest and serves it; all but it and the one before it are removed."""
        path = build.directory / "manifest.json"
        with self._switching():
            write_atomically(path, json.dumps(manifest_to_json(manifest), ensure_ascii=False, indent=1))
            self._serve(Alias(build.name, self._current_or_none()))
            build.close()
            self._prune()

    def rollback(self) -> str:
        """Serves the generation before the current one and returns its name; the one left is kept until a publish.

        Raises IndexUnavailable without an index, and NoPreviousGeneration.
        """
        self.alias()  # without an index there is no directory to lock
        with self._switching():
            alias = self.alias()
            if alias.previous is None:
                raise NoPreviousGeneration(f"no generation before {alias.current} is kept; nothing was changed")
            self.manifest(alias.previous)
            self._serve(Alias(alias.previous))
            return alias.previous

    def _serve(self, alias: Alias) -> None:
        write_atomically(self._alias, json.dumps(asdict(alias)))
        snapshot = self.directory(alias.current) / "snapshot.json"
        if snapshot.exists():
            write_atomically(self.root.parent / "snapshot.json", snapshot.read_text("utf-8"))

    def _current_or_none(self) -> str | None:
        try:
            return self.alias().current
        except IndexUnavailable:
            return None

    def _prune(self) -> None:
        alias = self.alias()
        for directory in self._directories():
            if directory.name not in (alias.current, alias.previous) and (directory / "manifest.json").exists():
                shutil.rmtree(directory, ignore_errors=True)
        self._remove_unfinished()

    def _remove_unfinished(self) -> None:
        for directory in self._directories():
            lock = FileLock(directory.with_name(f"{directory.name}.lock"))
            if not (directory / "manifest.json").exists() and lock.acquire():
                shutil.rmtree(directory, ignore_errors=True)
                lock.path.unlink(missing_ok=True)
                lock.release()

    def _directories(self) -> list[Path]:
        return [path for path in self._builds.iterdir() if path.is_dir()] if self._builds.is_dir() else []


class Build:
    """A generation being written. Its lock tells others that someone is still at it."""

    def __init__(self, builds: Path, name: str) -> None:
        self.name = name
        self.directory = builds / name
        self._lock = FileLock(builds / f"{name}.lock")
        self._lock.acquire(wait=True)
        self.directory.mkdir()

    def close(self) -> None:
        self._lock.path.unlink(missing_ok=True)
        self._lock.release()

    def abandon(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)
        self.close()
