"""A stored run as the two versions of LangSmith's interface tell it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.traces.row import iso, metadata_of
from app.traces.store import StoredRun

Document = dict[str, Any]

_USAGE = ("prompt_tokens", "completion_tokens", "total_tokens", "prompt_cost", "completion_cost", "total_cost")


def run_document(stored: StoredRun, feedback: Mapping[str, Any], select: Collection[str] | None = None) -> Document:
    run, row = stored.run, stored.row
    document = {
        **{name: row[name] for name in ("id", "trace_id", "parent_run_id", "name", "run_type", "status", *_USAGE)},
        "session_id": row["project_id"],
        "start_time": iso(row["start_us"]),
        "end_time": iso(row["end_us"]) if row["end_us"] is not None else None,
        "error": run.error,
        "inputs": run.inputs or {},
        "outputs": run.outputs,
        "extra": run.extra or {"metadata": {}},
        "events": run.events or [],
        "serialized": run.serialized,
        "tags": run.tags or [],
        "dotted_order": run.dotted_order or f"{iso(row['start_us'])}{row['id']}",
        "parent_run_ids": _parents(run.dotted_order),
        "reference_example_id": row["reference_example_id"],
        "feedback_stats": feedback.get(row["id"]),
        "thread_id": row["thread_id"],
        "app_path": f"/traces/{row['trace_id']}",
    }
    always = ("id", "trace_id", "name", "run_type", "start_time", "session_id")
    return document if select is None else {key: document[key] for key in document if key in select or key in always}


def run_document_v2(stored: StoredRun, feedback: Mapping[str, Any], selects: Collection[str]) -> Document:
    """Only what is selected, and the id."""
    first = run_document(stored, feedback)
    document = {
        **first,
        "project_id": first.pop("session_id"),
        "run_type": first["run_type"].upper(),
        "status": first["status"].upper(),
        "latency_seconds": stored.row["latency_s"],
        "is_root": stored.row["is_root"],
        "metadata": metadata_of(stored.run),
        "manifest": stored.run.serialized,
    }
    wanted = {"id", *(name.lower() for name in selects)}
    return {name: value for name, value in document.items() if name in wanted}


def _parents(dotted_order: str | None) -> list[str]:
    """From the root down."""
    return [part.partition("Z")[2] for part in (dotted_order or "").split(".")[:-1]]
