"""A multipart body of the SDK as runs and feedback: `post.ID`, `post.ID.inputs`, `patch.ID`, `feedback.ID`, ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.traces.collector.bodies import object_of, parsed, valid
from app.traces.errors import Malformed
from app.traces.feedback import FeedbackUpload
from app.traces.run import RunUpload
from app.traces.store import Upload

_FIELDS = ("inputs", "outputs", "events", "extra", "error", "serialized")


@dataclass(frozen=True, slots=True)
class Batch:
    runs: list[Upload] = field(default_factory=list)
    feedback: list[FeedbackUpload] = field(default_factory=list)


def batch_of(parts: Sequence[tuple[str, bytearray]]) -> Batch:
    """Raises Malformed. Attachments are not kept, as nothing can be masked in them; the run's metadata names them."""
    batch, bodies = Batch(), list[tuple[str, dict[str, Any]]]()
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    attached: dict[str, list[str]] = {}
    for name, data in parts:
        kind, run_id, what = _named(name)
        if kind == "feedback" and not what:
            batch.feedback.append(valid(FeedbackUpload, parsed(data, name), name))
        elif kind == "attachment":
            attached.setdefault(run_id, []).append(what)
        elif kind in ("post", "patch") and not what:
            latest[kind, run_id] = {**object_of(parsed(data, name), name), "id": run_id}
            bodies.append((kind, latest[kind, run_id]))
        elif (kind, run_id) in latest and what in _FIELDS:
            latest[kind, run_id][what] = parsed(data, name)
        else:
            raise Malformed(f"part {name[:80]!r} belongs to no run sent before it")
    batch.runs.extend(upload_of(kind, _with_names(body, attached)) for kind, body in bodies)
    return batch


def upload_of(kind: str, body: Any) -> Upload:
    """Raises Malformed."""
    run = object_of(body, "a run")
    upload = valid(RunUpload, run, f"{kind} of run {str(run.get('id'))[:36]}")
    return ("post" if kind == "post" else "patch"), upload


def _named(name: str) -> tuple[str, str, str]:
    kind, _, rest = name.partition(".")
    run_id, _, what = rest.partition(".")
    try:
        return kind, str(UUID(run_id)), what
    except ValueError:
        raise Malformed(f"part {name[:80]!r} names no run; parts are named post.ID, post.ID.inputs, ...") from None


def _with_names(body: dict[str, Any], attached: Mapping[str, list[str]]) -> dict[str, Any]:
    names = attached.get(body["id"])
    extra = body.get("extra") or {}
    if not names or not isinstance(extra, dict):
        return body
    return {**body, "extra": {**extra, "metadata": {**(extra.get("metadata") or {}), "attachments_not_kept": names}}}
