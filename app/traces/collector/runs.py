"""Runs sent in, read and searched."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.traces.collector.bodies import Json, Parts, list_of, object_of, valid
from app.traces.collector.described import takes, takes_batches, takes_parts
from app.traces.collector.shapes import run_document, run_document_v2
from app.traces.collector.stores import Kept, Stores, told
from app.traces.collector.uploads import batch_of, upload_of
from app.traces.errors import NotFound
from app.traces.query import RunQuery
from app.traces.run import RunUpload
from app.traces.store import StoredRun

router = APIRouter()


class Deletion(BaseModel):
    """Traces by their ids, or by any of these pairs among the metadata of a run."""

    model_config = ConfigDict(extra="ignore")

    trace_ids: list[UUID] = Field([], max_length=1000)
    session_id: UUID | None = None
    metadata: dict[str, str] = Field({}, max_length=100)

    @model_validator(mode="after")
    def _names_something(self) -> Deletion:
        if not self.trace_ids and not self.metadata:
            raise ValueError("name trace_ids or metadata")
        return self


_DAY = timedelta(days=1)
_PARTS = takes_parts(r"(((post|patch)\.ID(\.(inputs|outputs|events|extra|error|serialized))?)|feedback\.ID)")


@router.post("/runs/multipart", status_code=202, openapi_extra=_PARTS)
def multipart(parts: Parts, kept: Kept) -> Response:
    """All of the body or none of it."""
    batch = batch_of(parts)
    kept.runs.ingest(batch.runs)
    kept.feedback.add(batch.feedback)
    return told({"runs": len(batch.runs), "feedback": len(batch.feedback)}, 202)


@router.post("/runs/batch", status_code=202, openapi_extra=takes_batches(RunUpload, "post", "patch"))
def batch(body: Json, kept: Kept) -> Response:
    sent = object_of(body, "the body")
    uploads = [
        upload_of(kind, run) for kind in ("post", "patch") for run in list_of(sent.get(kind, []), f"the {kind} runs")
    ]
    return told({"runs": kept.runs.ingest(uploads)}, 202)


@router.post("/runs", status_code=202, openapi_extra=takes(RunUpload))
def create(body: Json, kept: Kept) -> Response:
    return told({"runs": kept.runs.ingest([upload_of("post", body)])}, 202)


@router.post("/runs/delete", status_code=202, openapi_extra=takes(Deletion))
def delete(body: Json, kept: Kept) -> Response:
    """At once, where LangSmith takes its time."""
    asked = valid(Deletion, body, "the deletion")
    return told({"runs": kept.runs.delete([str(each) for each in asked.trace_ids], asked.metadata)}, 202)


@router.patch("/runs/{run_id}", status_code=202, openapi_extra=takes(RunUpload))
def change(run_id: UUID, body: Json, kept: Kept) -> Response:
    run = {**object_of(body, "the body"), "id": str(run_id)}
    return told({"runs": kept.runs.ingest([upload_of("patch", run)])}, 202)


@router.post("/runs/query", openapi_extra=takes(RunQuery))
def query(body: Json, kept: Kept) -> Response:
    asked = valid(RunQuery, body, "the query")
    page = kept.runs.query(asked)
    feedback = _feedback(kept, page.runs)
    runs = [run_document(run, feedback, asked.select) for run in page.runs]
    return told({"runs": runs, "cursors": {"next": page.next}})


@router.get("/runs/{run_id}")
def read(run_id: UUID, kept: Kept) -> Response:
    run = _found(run_id, kept)
    return told(run_document(run, _feedback(kept, [run])))


@router.post("/api/v2/runs/query", openapi_extra=takes(RunQuery))
def query_v2(body: Json, kept: Kept) -> Response:
    """Without a `min_start_time` the last day, as LangSmith does it."""
    said = object_of(body, "the query")
    asked = valid(RunQuery, _as_first_version(said), "the query")
    if asked.start_time is None:
        asked = asked.model_copy(update={"start_time": kept.runs.clock() - _DAY})
    page = kept.runs.query(asked)
    feedback = _feedback(kept, page.runs)
    selects = [str(each) for each in list_of(said.get("selects") or [], "selects")]
    return told({"items": [run_document_v2(run, feedback, selects) for run in page.runs], "next_cursor": page.next})


@router.get("/api/v2/runs/{run_id}")
def read_v2(run_id: UUID, kept: Kept, selects: Annotated[list[str] | None, Query()] = None) -> Response:
    run = _found(run_id, kept)
    return told(run_document_v2(run, _feedback(kept, [run]), selects or []))


def _as_first_version(said: dict[str, Any]) -> dict[str, Any]:
    names = {
        "project_ids": "session",
        "ids": "id",
        "trace_id": "trace",
        "has_error": "error",
        "min_start_time": "start_time",
        "max_start_time": "end_time",
        "page_size": "limit",
        "reference_examples": "reference_example",
        "reference_dataset_id": "reference_dataset",
    }
    renamed = {names.get(name, name): value for name, value in said.items()}
    kind = renamed.get("run_type")
    return renamed | {"run_type": kind.lower() if isinstance(kind, str) else kind}


def _found(run_id: UUID, kept: Stores) -> StoredRun:
    run = kept.runs.read(run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    return run


def _feedback(kept: Stores, runs: Any) -> dict[str, Any]:
    return kept.feedback.stats([run.row["id"] for run in runs])
