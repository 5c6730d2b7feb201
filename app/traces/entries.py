"""What a recorder is given, as lines of a file: runs to be stored, and conversations to be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pydantic_core import from_json

from app.traces.row import body_text, metadata_of
from app.traces.run import RunUpload, trace_of
from app.traces.store import Upload

Entry = list[Upload] | str  # runs of a turn, or the id of a conversation


def lines_of(entry: Entry) -> list[str]:
    if isinstance(entry, str):
        return [body_text({"forget": entry})]
    return [body_text({"kind": kind, "run": run.said()}) for kind, run in entry]


def entry_of(line: str) -> Entry:
    """Half a line, which a crash leaves, is nothing."""
    try:
        said = from_json(line)
        return str(said["forget"]) if "forget" in said else [(said["kind"], RunUpload.model_validate(said["run"]))]
    except (ValueError, KeyError, TypeError):
        return []


def threads_of(uploads: Iterable[Upload]) -> set[str]:
    """The conversations these runs are of, as their roots tell it."""
    told = (metadata_of(run).get("thread_id") for _, run in uploads)
    return {str(thread_id) for thread_id in told if thread_id}


def without(uploads: Sequence[Upload], threads: Collection[str]) -> list[Upload]:
    """Without the whole traces of these conversations, of which only the root knows where it belongs."""
    gone = {trace_of(run) for kind, run in uploads if threads_of([(kind, run)]) & set(threads)}
    return [(kind, run) for kind, run in uploads if trace_of(run) not in gone]


def traces_in(lines: Iterable[str], thread_id: str) -> set[str]:
    """Ids of the traces of a conversation."""
    told = (upload for line in lines if thread_id in line for upload in _runs(line))
    return {str(trace_of(upload[1])) for upload in told if thread_id in threads_of([upload])}


def lines_without(lines: Sequence[str], thread_id: str) -> list[str]:
    """Without what is told of a conversation; that it is to be forgotten stays told."""
    gone = traces_in(lines, thread_id)
    return [line for line in lines if not (gone and _is_of(line, gone))]


def erasures_in(lines: Iterable[str]) -> set[str]:
    """Conversations that are still to be forgotten elsewhere."""
    entries = (entry_of(line) for line in lines if '"forget"' in line)
    return {entry for entry in entries if isinstance(entry, str)}


def _runs(line: str) -> list[Upload]:
    entry = entry_of(line)
    return [] if isinstance(entry, str) else entry


def _is_of(line: str, traces: Collection[str]) -> bool:
    return any(str(trace_of(run)) in traces for _, run in _runs(line))
