"""A run as a row to search and a document to show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import from_json, to_json

from app.traces.run import RunUpload, end_of, start_of, status_of, trace_of

Row = dict[str, Any]

_ROOT_TEXT, _CHILD_TEXT = 2_000, 300  # code points of inputs, outputs and error that a search looks through
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL, neither database half a character
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_USAGE = ("prompt_tokens", "completion_tokens", "total_tokens", "prompt_cost", "completion_cost", "total_cost")
_ALSO = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "prompt_cost": "input_cost",
    "completion_cost": "output_cost",
}
_LARGEST = 2**31 - 1


def row_of(run: RunUpload, project_id: str, received: datetime) -> Row:
    start, end, metadata = start_of(run, received), end_of(run), metadata_of(run)
    thread = next((metadata[key] for key in ("thread_id", "session_id", "conversation_id") if metadata.get(key)), None)
    is_root = run.parent_run_id is None
    return {
        "id": str(run.id),
        "trace_id": str(trace_of(run)),
        "parent_run_id": str(run.parent_run_id) if run.parent_run_id else None,
        "project_id": project_id,
        "is_root": is_root,
        "start_us": microseconds(start),
        "end_us": microseconds(end) if end else None,
        "latency_s": (end - start).total_seconds() if end else None,
        "name": storable(run.name or ""),
        "run_type": storable(run.run_type or "chain"),
        "status": status_of(run),
        "thread_id": storable(str(thread))[:128] if thread else None,
        "reference_example_id": str(run.reference_example_id) if run.reference_example_id else None,
        **_usage(run, metadata),
        "tags": canonical(run.tags or []),
        "metadata": canonical(metadata),
        "searched": _searched(run, _ROOT_TEXT if is_root else _CHILD_TEXT),
    }


def body_of(run: RunUpload) -> str:
    return body_text(run.said())


def body_text(document: Any) -> str:
    """JSON as every database keeps it; what JSON has no word for is told as text."""
    return to_json(document, inf_nan_mode="null", fallback=str).decode()


def run_of(body: str) -> RunUpload:
    return RunUpload.model_validate(from_json(body))


def metadata_of(run: RunUpload) -> dict[str, Any]:
    metadata = (run.extra or {}).get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def canonical(value: Any) -> str:
    """JSON in which `"key":"value"` of a pair, or `"word"` of a list, can be found as they are."""
    return storable(body_text(value))


def storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def time_of(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def iso(microseconds: int) -> str:
    return time_of(microseconds).isoformat()


def _searched(run: RunUpload, limit: int) -> str:
    """What was said and answered comes before everything else of it, so that the cut spares it."""
    words = [run.name or "", run.error or ""]
    for payload in (run.inputs, run.outputs):
        if payload:
            told = [payload[key] for key in ("message", "question", "input", "answer", "output") if key in payload]
            words += [str(value) if isinstance(value, str) else to_json(value).decode() for value in told or [payload]]
    return storable(" ".join(word for word in words if word))[:limit].lower()


def _usage(run: RunUpload, metadata: Mapping[str, Any]) -> Row:
    """Tokens and money as LangChain's messages and the SDK's `usage_metadata` tell them."""
    outputs = run.outputs or {}
    told = outputs.get("usage_metadata") or metadata.get("usage_metadata")
    usage = told or (outputs.get("llm_output") or {}).get("token_usage") if isinstance(outputs, dict) else None
    if not isinstance(usage, dict):
        return dict.fromkeys(_USAGE)
    return {name: _number(usage.get(name, usage.get(_ALSO.get(name, ""))), name) for name in _USAGE}


def _number(value: Any, name: str) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
        return None
    return float(value) if name.endswith("cost") else int(value)
