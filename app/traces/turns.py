"""A finished turn of the assistant as runs: the turn at the root, a child for each node that ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from pydantic_core import to_jsonable_python

from app.traces.run import RunUpload
from app.traces.store import Upload
from app.traces.telling import INPUTS, OUTPUTS
from graphs.observing import TurnRecord
from graphs.state import NodeRun

_TYPES = {"retrieve": "retriever", "fetch_features": "retriever", "act": "tool", "decide": "tool", "generate": "llm"}
_ROOT = "turn"
_COUNTS = ("input_tokens", "output_tokens", "total_tokens")
_SAID_ELSEWHERE = {"features", "claims", "filters"}  # of the final answer: the nodes tell them


def uploads_of(record: TurnRecord, project: str) -> list[Upload]:
    """The root's id is the answer's `trace_id`. Not yet redacted."""
    trace_id = UUID(record.run_id)
    order = _order(record.started_ns, trace_id)
    root = RunUpload.model_construct(
        id=trace_id,
        trace_id=trace_id,
        dotted_order=order,
        session_name=project,
        name=_ROOT,
        run_type="chain",
        start_time=_time(record.started_ns),
        end_time=_time(record.ended_ns),
        inputs=_asked(record),
        outputs=_plain(_answered(record)) or None,
        error=record.error,
        extra={"metadata": _metadata(record)},
        tags=_tags(record),
    )
    children = (_child(record, node, number, trace_id, order, project) for number, node in enumerate(record.nodes))
    return [("post", run) for run in (root, *children)]


def _child(record: TurnRecord, node: NodeRun, number: int, trace_id: UUID, order: str, project: str) -> RunUpload:
    run_id = uuid5(trace_id, f"{number} {node.name}")
    metadata: dict[str, Any] = {"node": node.name}
    if node.name == "generate" and (usage := _usage(record)):
        metadata["usage_metadata"] = usage
    return RunUpload.model_construct(
        id=run_id,
        trace_id=trace_id,
        parent_run_id=trace_id,
        dotted_order=f"{order}.{_order(node.started_ns, run_id)}",
        session_name=project,
        name=node.name,
        run_type=_TYPES.get(node.name, "chain"),
        start_time=_time(node.started_ns),
        end_time=_time(node.started_ns + node.took_ns),
        inputs=_told(INPUTS, node),
        outputs=_told(OUTPUTS, node),
        error=node.error,
        extra={"metadata": metadata},
    )


def _told(tellers: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]], node: NodeRun) -> dict[str, Any]:
    """What a node that broke was given is still told; a node nobody described tells the names of what it changed."""
    values: Mapping[str, Any] = {**node.state, **node.update} if tellers is OUTPUTS else dict(node.state)
    if tellers is OUTPUTS and node.error is not None:
        return {}
    teller = tellers.get(node.name)
    told = teller(values) if teller else ({"changed": sorted(node.update)} if tellers is OUTPUTS else {})
    if tellers is OUTPUTS and (degraded := node.update.get("degraded")):
        told["degraded"] = degraded
    plain: dict[str, Any] = _plain({name: value for name, value in told.items() if value not in (None, (), [], {})})
    return plain


def _asked(record: TurnRecord) -> dict[str, Any]:
    """The message as it was masked on its way in; one that was never received is not told at all."""
    said = next((node.update["said"] for node in record.nodes if "said" in node.update), None)
    turn = record.turn
    asked = {"message": said, "user_id": turn.user_id, "lang": turn.lang, "decision": turn.decision}
    return {name: value for name, value in _plain(asked).items() if value is not None}


def _answered(record: TurnRecord) -> dict[str, Any]:
    return record.final.model_dump(mode="json", exclude=_SAID_ELSEWHERE) if record.final else {}


def _metadata(record: TurnRecord) -> dict[str, Any]:
    final = record.final
    told = {"thread_id": record.thread_id, "lang": record.turn.lang, "model": final.model if final else record.model}
    if final:
        told |= {"prompt_sha256": final.receipt.prompt_sha256, "guard": final.guard.action}
        told |= {"index_generation": final.receipt.index_generation or ""}
    usage = _usage(record)
    return {**told, "usage_metadata": usage} if usage else told


def _usage(record: TurnRecord) -> dict[str, int]:
    """Over all models of the turn; the endpoint does not always count."""
    counted = list(record.usage.values())
    return {name: sum(each.get(name, 0) for each in counted) for name in _COUNTS} if counted else {}


def _tags(record: TurnRecord) -> list[str]:
    return list(dict.fromkeys(_tagged(record)))


def _tagged(record: TurnRecord) -> Iterator[str]:
    final = record.final
    if final is None:
        return
    if final.guard.action != "allow":
        yield final.guard.action
    if final.asks_back:
        yield "asks_back"
    for each in final.degraded:
        yield from ("degraded", f"degraded:{each.part}:{each.kind}")
    for action in final.actions:
        yield f"tool:{action.tool}"


def _plain(value: Any) -> Any:
    return to_jsonable_python(value, inf_nan_mode="null", fallback=str)


def _time(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=nanoseconds // 1000)


def _order(started_ns: int, run_id: UUID) -> str:
    return f"{_time(started_ns):%Y%m%dT%H%M%S%f}Z{run_id}"
