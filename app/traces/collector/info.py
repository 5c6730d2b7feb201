"""What the SDK asks first."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.traces.collector.bodies import MOST_BYTES
from app.traces.collector.stores import told
from app.traces.projects import TENANT

router = APIRouter()

_VERSION = "0.16.14"  # of LangSmith's interface: the SDK refuses parts of it to older ones
_BATCHES = {
    "use_multipart_endpoint": True,
    "size_limit": 100,
    "size_limit_bytes": MOST_BYTES,
    "scale_up_qsize_trigger": 1_000,
    "scale_up_nthreads_limit": 4,
    "scale_down_nempty_trigger": 4,
}
_FLAGS = {
    "dataset_examples_multipart_enabled": True,
    "examples_multipart_enabled": True,
    "zstd_compression_enabled": True,
    "ch_query_enabled": True,
    "sdb_query_enabled": False,
}


@router.get("/info")
def info() -> Response:
    return told({"version": _VERSION, "batch_ingest_config": _BATCHES, "instance_flags": _FLAGS})


@router.get("/settings")
def settings() -> Response:
    return told({"id": TENANT, "display_name": "Shelfwise", "created_at": "2026-01-01T00:00:00+00:00"})
