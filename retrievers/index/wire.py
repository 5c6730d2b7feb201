"""What is said over the index socket: one JSON object each way."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from retrievers.index.codec import (
    Json,
    evidence_from_json,
    evidence_to_json,
    hit_from_json,
    hit_to_json,
    manifest_from_json,
    manifest_to_json,
    query_from_json,
    query_to_json,
)
from retrievers.index.protocol import Hit, Index, IndexUnavailable, Manifest, Query
from retrievers.records import Evidence

_log = logging.getLogger(__name__)


def search_request(queries: Sequence[Query]) -> bytes:
    return _encoded({"search": [query_to_json(query) for query in queries]})


def fetch_request(ids: Sequence[str]) -> bytes:
    return _encoded({"fetch": list(ids)})


def manifest_request(known: str | None) -> bytes:
    """`known` is the generation whose manifest the asker has: manifests are large and seldom change."""
    return _encoded({"manifest": known})


def answer(index: Index, request: bytes) -> bytes:
    """What `index` says to a request; its errors travel in the answer, so a bad request never ends a connection."""
    try:
        return _encoded({"result": _result(index, json.loads(request))})
    except IndexUnavailable as error:
        return _encoded({"unavailable": str(error)})
    except Exception as error:
        _log.exception("a request over the index socket failed")
        return _encoded({"invalid": f"{type(error).__name__}: {error}"})


def hits(reply: bytes) -> list[list[Hit]]:
    return [[hit_from_json(hit) for hit in found] for found in _decoded(reply)]


def documents(reply: bytes) -> list[Evidence]:
    return [evidence_from_json(document, 0.0) for document in _decoded(reply)]


def manifest(reply: bytes) -> Manifest | None:
    """None when the one the asker has is still the current one."""
    found = _decoded(reply)
    return None if found is None else manifest_from_json(found)


def _result(index: Index, request: Json) -> object:
    if "search" in request:
        found = index.search([query_from_json(query) for query in request["search"]])
        return [[hit_to_json(hit) for hit in hits] for hits in found]
    if "fetch" in request:
        return [evidence_to_json(evidence) for evidence in index.fetch(request["fetch"])]
    if "manifest" in request:
        current = index.manifest()
        return None if current.generation == request["manifest"] else manifest_to_json(current)
    raise ValueError(f"unknown request {sorted(request)}")


def _decoded(reply: bytes) -> Any:
    """Raises what the other side raised: IndexUnavailable, or ValueError for anything else."""
    message = json.loads(reply)
    if "unavailable" in message:
        raise IndexUnavailable(message["unavailable"])
    if "invalid" in message:
        raise ValueError(message["invalid"])
    return message["result"]


def _encoded(message: Json) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()
