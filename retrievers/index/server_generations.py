"""The generations of an index on a Qdrant server.

A generation is one collection for each document type and one holding its manifest. Aliases say which generation is
served; one atomic request switches all of them. The manifest is written last, so what has none is unfinished.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException

from retrievers.catalogue import DocumentType
from retrievers.index.codec import manifest_from_json, manifest_to_json
from retrievers.index.generations import NoPreviousGeneration
from retrievers.index.protocol import IndexUnavailable, Manifest
from retrievers.index.schema import alias_name, collection_name, started_at

_MANIFEST = "manifest"
_COLLECTION = re.compile(r"shelfwise_(?P<generation>\d{8}T\d{6}-[0-9a-f]{6})_(?P<part>[a-z]+)")
_POINT = 1  # a manifest collection holds one point
_LONGEST_BUILD = timedelta(days=1)  # an unfinished generation older than this was broken off


@dataclass(frozen=True, slots=True)
class Served:
    manifest: Manifest
    previous: str | None  # the generation to roll back to


@contextmanager
def reachable() -> Iterator[None]:
    """Turns the client's errors into IndexUnavailable; local mode raises ValueError for a missing collection."""
    try:
        yield
    except (ApiException, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise IndexUnavailable(f"the Qdrant server has no usable index ({reason}); run `shelfwise ingest`") from error


class ServerGenerations:
    def __init__(self, client: QdrantClient) -> None:
        self._client = client

    def served(self) -> Served:
        """Raises IndexUnavailable when nothing was published yet."""
        with reachable():
            return self._read(f"shelfwise_{_MANIFEST}")

    def finished(self) -> list[Manifest]:
        """Newest first."""
        with reachable():
            found = [self._read(_manifest_collection(name)).manifest for name in self._names(finished=True)]
        return sorted(found, key=lambda manifest: manifest.created_at, reverse=True)

    def publish(self, manifest: Manifest) -> None:
        """Serves a written generation; all but it and the one before it are removed."""
        with reachable():
            previous = self._served_name()
            self._write(Served(manifest, previous))
            self._serve(manifest.generation)
            finished = self._names(finished=True)
            broken_off = {
                name for name in self._names() - finished if datetime.now(UTC) - started_at(name) > _LONGEST_BUILD
            }
        for name in (finished - {manifest.generation, previous}) | broken_off:
            self.drop(name)

    def rollback(self) -> str:
        """Serves the generation before the current one and returns its name. Raises NoPreviousGeneration."""
        served = self.served()
        with reachable():
            if served.previous is None or served.previous not in self._names(finished=True):
                current = served.manifest.generation
                raise NoPreviousGeneration(f"no generation before {current} is kept; nothing was changed")
            kept = self._read(_manifest_collection(served.previous)).manifest
            self._write(Served(kept, previous=None))
            self._serve(served.previous)
            return served.previous

    def drop(self, generation: str) -> None:
        with reachable():
            for name in [_manifest_collection(generation), *(collection_name(generation, t) for t in DocumentType)]:
                self._client.delete_collection(name)

    def _serve(self, generation: str) -> None:
        targets = {alias_name(type): collection_name(generation, type) for type in DocumentType}
        targets[f"shelfwise_{_MANIFEST}"] = _manifest_collection(generation)
        existing = {alias.alias_name for alias in self._client.get_aliases().aliases}
        removals = [
            models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias))
            for alias in targets
            if alias in existing
        ]
        additions = [
            models.CreateAliasOperation(create_alias=models.CreateAlias(alias_name=alias, collection_name=target))
            for alias, target in targets.items()
        ]
        self._client.update_collection_aliases([*removals, *additions])

    def _served_name(self) -> str | None:
        aliases = {alias.alias_name: alias.collection_name for alias in self._client.get_aliases().aliases}
        collection = aliases.get(f"shelfwise_{_MANIFEST}")
        match = _COLLECTION.fullmatch(collection or "")
        return match["generation"] if match else None

    def _names(self, finished: bool = False) -> set[str]:
        collections = [collection.name for collection in self._client.get_collections().collections]
        ours = filter(None, map(_COLLECTION.fullmatch, collections))
        return {match["generation"] for match in ours if not finished or match["part"] == _MANIFEST}

    def _write(self, served: Served) -> None:
        name = _manifest_collection(served.manifest.generation)
        if not self._client.collection_exists(name):
            config = models.VectorParams(size=1, distance=models.Distance.DOT)  # there is no collection without
            self._client.create_collection(name, vectors_config=config)
        payload = {_MANIFEST: manifest_to_json(served.manifest), "previous": served.previous}
        self._client.upsert(name, [models.PointStruct(id=_POINT, vector=[1.0], payload=payload)])

    def _read(self, collection: str) -> Served:
        records = self._client.retrieve(collection, [_POINT])
        if not records or records[0].payload is None:
            raise IndexUnavailable(f"collection {collection} holds no manifest; run `shelfwise ingest`")
        payload = records[0].payload
        return Served(manifest_from_json(payload[_MANIFEST]), payload["previous"])


def _manifest_collection(generation: str) -> str:
    return f"shelfwise_{generation}_{_MANIFEST}"
