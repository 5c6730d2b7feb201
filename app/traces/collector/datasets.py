"""Datasets and the moments of them that have a tag."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.traces.collector.bodies import Json, object_of, parsed, valid
from app.traces.collector.described import takes, takes_fields
from app.traces.collector.stores import Kept, Stores, told
from app.traces.datasets import DatasetUpload
from app.traces.errors import Malformed, NotFound

router = APIRouter()

_LATEST = "latest"
_TAGGED = {"tag": {"type": "string"}, "as_of": {"type": "string", "format": "date-time"}}


@router.post("/datasets", openapi_extra=takes(DatasetUpload))
def create(body: Json, kept: Kept) -> Response:
    return told(kept.datasets.create(valid(DatasetUpload, body, "the dataset")))


@router.get("/datasets")
def listed(
    kept: Kept,
    id: Annotated[list[UUID] | None, Query()] = None,
    name: str | None = None,
    name_contains: str | None = None,
    data_type: str | None = None,
    metadata: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    pairs = object_of(parsed(metadata.encode(), "metadata"), "metadata") if metadata else None
    wanted = {"id": id, "name": name, "name_contains": name_contains, "data_type": data_type, "metadata": pairs}
    return told([_shown(each) for each in kept.datasets.listed(wanted, limit=limit, offset=offset)])


@router.get("/datasets/{dataset_id}")
def read(dataset_id: UUID, kept: Kept) -> Response:
    return told(_shown(_found(dataset_id, kept)))


@router.delete("/datasets/{dataset_id}")
def delete(dataset_id: UUID, kept: Kept) -> Response:
    if not kept.datasets.delete(dataset_id):
        raise NotFound(f"there is no dataset {dataset_id}")
    return told({})


@router.put("/datasets/{dataset_id}/tags", openapi_extra=takes_fields(_TAGGED))
def tag(dataset_id: UUID, body: Json, kept: Kept) -> Response:
    said = object_of(body, "the body")
    name, as_of = said.get("tag"), said.get("as_of")
    if not isinstance(name, str) or not isinstance(as_of, str):
        raise Malformed("the body must hold a tag and the time as_of which it is meant")
    if kept.datasets.tag(dataset_id, name, as_of) is None:
        raise NotFound(f"there is no dataset {dataset_id}")
    return told({"tags": [name], "as_of": as_of})


@router.get("/datasets/{dataset_id}/versions")
def versions(dataset_id: UUID, kept: Kept, offset: int = 0) -> Response:
    """The present one, which is all that is kept."""
    dataset = _found(dataset_id, kept)
    present = {"tags": [_LATEST, *dataset["tags"]], "as_of": dataset["modified_at"]}
    return told([] if offset else [present])


@router.get("/datasets/{dataset_id}/version")
def version(dataset_id: UUID, kept: Kept, tag: str | None = None) -> Response:
    dataset = _found(dataset_id, kept)
    if tag not in (None, _LATEST) and tag not in dataset["tags"]:
        raise NotFound(f"there is no version tagged {tag!r}")
    as_of = dataset["tags"].get(tag, dataset["modified_at"])
    return told({"tags": [tag or _LATEST], "as_of": as_of})


def _found(dataset_id: UUID, kept: Stores) -> dict[str, Any]:
    found = kept.datasets.listed({"id": [dataset_id]}, limit=1)
    if not found:
        raise NotFound(f"there is no dataset {dataset_id}")
    return found[0]


def _shown(dataset: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dataset.items() if name != "tags"}
