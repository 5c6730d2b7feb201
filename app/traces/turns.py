"""A finished turn as runs: the turn at the root, below it its nodes, and below these their tools and models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from pydantic_core import to_jsonable_python

from app.traces.calls import Call, Detail, calls_of, usage_of
from app.traces.run import RunUpload
from app.traces.store import Upload
from app.traces.telling import INPUTS, OUTPUTS
from graphs.observing import TurnRecord
from graphs.state import NodeRun

_TYPES = {"retrieve": "retriever", "fetch_features": "retriever"}
_ROOT = "turn"
_SAID_ELSEWHERE = {"features", "claims", "filters"}  # of the final answer: the nodes tell them


def uploads_of(record: TurnRecord, project: str, detail: Detail) -> list[Upload]:
    """The root's id is the answer's `trace_id`. Not yet redacted."""
    trace_id = UUID(record.run_id)
    order = _order(record.started_ns, trace_id)
    runs = [_root(record, trace_id, order, project, detail)]
    for number, node in enumerate(record.nodes):
        above = _child(node, number, trace_id, order, project)
        calls = enumerate(calls_of(node.tools, node.models, detail))
        runs += [above, *(_grandchild(call, index, above) for index, call in calls)]
    return [("post", run) for run in runs]


def _root(record: TurnRecord, trace_id: UUID, order: str, project: str, detail: Detail) -> RunUpload:
    return RunUpload.model_construct(
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
        extra={"metadata": _metadata(record, detail)},
        tags=_tags(record),
    )


def _child(node: NodeRun, number: int, trace_id: UUID, order: str, project: str) -> RunUpload:
    run_id = uuid5(trace_id, f"{number} {node.name}")
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
        extra={"metadata": {"node": node.name}},
    )


def _grandchild(call: Call, number: int, above: RunUpload) -> RunUpload:
    run_id = uuid5(above.id, f"{number} {call.name}")
    return RunUpload.model_construct(
        id=run_id,
        trace_id=above.trace_id,
        parent_run_id=above.id,
        dotted_order=f"{above.dotted_order}.{_order(call.started_ns, run_id)}",
        session_name=above.session_name,
        name=call.name,
        run_type=call.run_type,
        start_time=_time(call.started_ns),
        end_time=_time(call.started_ns + call.took_ns),
        inputs=_plain(call.inputs),
        outputs=_plain(call.outputs),
        error=call.error,
        extra={"metadata": {"node": above.name, **call.metadata}},
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


def _metadata(record: TurnRecord, detail: Detail) -> dict[str, Any]:
    final = record.final
    told = {"thread_id": record.thread_id, "lang": record.turn.lang, "model": final.model if final else record.model}
    if record.turn.arm:
        told |= {"experiment": record.turn.arm.experiment, "arm": record.turn.arm.arm}
    if final:
        told |= {"prompt_sha256": final.receipt.prompt_sha256, "guard": final.guard.action}
        told |= {"index_generation": final.receipt.index_generation or ""}
    usage = usage_of([run for node in record.nodes for run in node.models], detail.prices)
    return {**told, "usage_metadata": usage} if usage else told


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
