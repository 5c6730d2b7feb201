"""Projects, under LangSmith's name for them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.traces.collector.bodies import Json, object_of, valid
from app.traces.collector.described import takes
from app.traces.collector.stores import Kept, told
from app.traces.errors import NotFound
from app.traces.projects import ProjectUpload

router = APIRouter()

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=10**9)]


@router.post("/sessions", openapi_extra=takes(ProjectUpload))
def create(body: Json, kept: Kept, upsert: bool = False) -> Response:
    return told(kept.projects.create(valid(ProjectUpload, body, "the project"), upsert=upsert))


@router.get("/sessions")
def listed(
    kept: Kept,
    id: Annotated[list[UUID] | None, Query()] = None,
    name: str | None = None,
    name_contains: str | None = None,
    reference_dataset: UUID | None = None,
    reference_free: bool = False,
    include_stats: bool = True,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    wanted = {
        "id": id,
        "name": name,
        "name_contains": name_contains,
        "reference_dataset": reference_dataset,
        "reference_free": reference_free,
    }
    return told(kept.projects.listed(wanted, limit=limit, offset=offset, stats=include_stats, scored=include_stats))


@router.get("/sessions/{project_id}")
def read(project_id: UUID, kept: Kept, include_stats: bool = True) -> Response:
    found = kept.projects.listed({"id": [project_id]}, limit=1, stats=include_stats, scored=include_stats)
    if not found:
        raise NotFound(f"there is no project {project_id}")
    return told(found[0])


@router.patch("/sessions/{project_id}", openapi_extra=takes(ProjectUpload))
def change(project_id: UUID, body: Json, kept: Kept) -> Response:
    said = object_of(body, "the project")
    valid(ProjectUpload, {"name": "-", **{key: value for key, value in said.items() if value is not None}}, "it")
    changed = kept.projects.change(project_id, said)
    if changed is None:
        raise NotFound(f"there is no project {project_id}")
    return told(changed)


@router.delete("/sessions/{project_id}")
def delete(project_id: UUID, kept: Kept) -> Response:
    if not kept.projects.delete(project_id):
        raise NotFound(f"there is no project {project_id}")
    return told({})
