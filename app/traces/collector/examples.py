"""Examples, one by one, in bulk, and in the multipart form the SDK prefers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.traces.collector.bodies import Json, Parts, list_of, object_of, parsed, valid
from app.traces.collector.described import takes, takes_parts, takes_some
from app.traces.collector.stores import Kept, Stores, told
from app.traces.errors import Malformed, NotFound
from app.traces.examples import ExampleUpload

router = APIRouter()

_PAYLOADS = ("inputs", "outputs")
_PARTS = takes_parts(r"ID(\.inputs|\.outputs)?")


@router.post("/v1/platform/datasets/{dataset_id}/examples", status_code=201, openapi_extra=_PARTS)
def upload(dataset_id: UUID, parts: Parts, kept: Kept) -> Response:
    said = [{**body, "id": key, "dataset_id": dataset_id} for key, body in _bodies(parts).items()]
    added = kept.examples.add([valid(ExampleUpload, each, f"example {each['id']}") for each in said])
    return told(_counted(added, kept), 201)


@router.patch("/v1/platform/datasets/{dataset_id}/examples", openapi_extra=_PARTS)
def update(dataset_id: UUID, parts: Parts, kept: Kept) -> Response:
    bodies = _bodies(parts)
    _of(dataset_id, list(bodies), kept)
    changes = {UUID(key): _valid_change(body, key) for key, body in bodies.items()}
    return told(_counted(kept.examples.change(changes), kept))


@router.post("/examples/bulk", openapi_extra=takes_some(ExampleUpload))
def bulk(body: Json, kept: Kept) -> Response:
    uploads = [valid(ExampleUpload, each, "an example") for each in list_of(body, "the body")]
    return told(kept.examples.add([_with_dataset(each) for each in uploads]))


@router.post("/examples", openapi_extra=takes(ExampleUpload, required=("dataset_id",)))
def create(body: Json, kept: Kept) -> Response:
    return told(kept.examples.add([_with_dataset(valid(ExampleUpload, body, "the example"))])[0])


@router.get("/examples")
def listed(
    kept: Kept,
    dataset: UUID | None = None,
    id: Annotated[list[UUID] | None, Query()] = None,
    splits: Annotated[list[str] | None, Query()] = None,
    metadata: str | None = None,
    as_of: str | None = None,
    filter: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    if filter:
        raise Malformed("examples are not filtered by expressions here; use metadata, splits or ids")
    pairs = object_of(parsed(metadata.encode(), "metadata"), "metadata") if metadata else None
    moment = _moment(as_of, dataset, kept)
    wanted = {"dataset": dataset, "id": id, "splits": splits, "metadata": pairs, "as_of": moment}
    return told(kept.examples.listed(wanted, limit=limit, offset=offset))


@router.get("/examples/{example_id}")
def read(example_id: UUID, kept: Kept) -> Response:
    found = kept.examples.listed({"id": [example_id]}, limit=1)
    if not found:
        raise NotFound(f"there is no example {example_id}")
    return told(found[0])


@router.patch("/examples/{example_id}", openapi_extra=takes(ExampleUpload))
def change(example_id: UUID, body: Json, kept: Kept) -> Response:
    said = _valid_change(object_of(body, "the example"), str(example_id))
    return told(kept.examples.change({example_id: said})[0])


@router.delete("/examples/{example_id}")
def delete(example_id: UUID, kept: Kept) -> Response:
    if not kept.examples.delete(example_id):
        raise NotFound(f"there is no example {example_id}")
    return told({})


def _bodies(parts: Sequence[tuple[str, bytearray]]) -> dict[str, dict[str, Any]]:
    """By example: `ID`, `ID.inputs`, `ID.outputs`; attachments are refused, as nothing can be masked in them."""
    bodies: dict[str, dict[str, Any]] = {}
    for name, data in parts:
        key, _, what = name.partition(".")
        if what.startswith("attachment"):
            raise Malformed("examples with attachments are not kept; leave the attachments out")
        if not what:
            bodies[_example_id(key)] = object_of(parsed(data, name), name)
        elif what in _PAYLOADS and key in bodies:
            bodies[key][what] = parsed(data, name)
        else:
            raise Malformed(f"part {name[:80]!r} belongs to no example sent before it")
    return bodies


def _example_id(key: str) -> str:
    try:
        UUID(key)
    except ValueError:
        raise Malformed(f"part {key[:80]!r} is not named for an example") from None
    return key


def _valid_change(body: dict[str, Any], key: str) -> dict[str, Any]:
    valid(ExampleUpload, {name: value for name, value in body.items() if name != "id"}, f"example {key}")
    return body


def _with_dataset(upload: ExampleUpload) -> ExampleUpload:
    if upload.dataset_id is None:
        raise Malformed("an example needs the dataset_id of its dataset")
    return upload


def _of(dataset_id: UUID, ids: list[str], kept: Stores) -> None:
    """Raises NotFound for an example of another dataset."""
    for start in range(0, len(ids), 100):
        some = ids[start : start + 100]
        here = kept.examples.listed({"id": some, "dataset": dataset_id}, limit=100)
        if missing := {str(UUID(key)) for key in some} - {each["id"] for each in here}:
            raise NotFound(f"there is no example {min(missing)} in dataset {dataset_id}")


def _moment(as_of: str | None, dataset: UUID | None, kept: Stores) -> datetime | None:
    """A time, or a tag of the dataset; `latest` bounds nothing."""
    if as_of in (None, "latest"):
        return None
    tags = [each["tags"] for each in kept.datasets.listed({"id": [dataset]}, limit=1)] if dataset else []
    try:
        return datetime.fromisoformat(tags[0].get(as_of, as_of) if tags else str(as_of))
    except ValueError:
        raise NotFound(f"there is no version {as_of!r} of the dataset") from None


def _counted(added: Sequence[dict[str, Any]], kept: Stores) -> dict[str, Any]:
    ids = [each["id"] for each in added]
    latest = max((each["modified_at"] for each in added), default=kept.runs.clock().isoformat())
    return {"count": len(ids), "example_ids": ids, "as_of": latest}
