"""A finished turn as a tree of spans, before any of them is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.telemetry.attributes import AGENT, Attributes, Texts, of_model, of_tool, of_turn
from graphs.models.watching import ModelRun
from graphs.observing import TurnRecord
from graphs.state import NodeRun
from tools.records import ToolRun


@dataclass(frozen=True, slots=True)
class Told:
    """Times are nanoseconds since 1970. `error` is a kind, never a message, which might hold anything."""

    name: str
    kind: Literal["internal", "client"]
    started_ns: int
    ended_ns: int
    attributes: Attributes
    error: str | None = None
    below: tuple[Told, ...] = ()


def told(record: TurnRecord, texts: Texts | None) -> Told:
    nodes = tuple(_node(node, record.thread_id, texts) for node in record.nodes)
    attributes = of_turn(record, texts)
    error = _kind(record.error)
    name = f"invoke_agent {AGENT}"
    return Told(name, "internal", record.started_ns, record.ended_ns, attributes, error, nodes)


def _node(node: NodeRun, thread_id: str, texts: Texts | None) -> Told:
    calls = [*(_tool(run, texts) for run in node.tools), *(_model(run, thread_id, texts) for run in node.models)]
    below = tuple(sorted(calls, key=lambda each: each.started_ns))
    ended, attributes = node.started_ns + node.took_ns, Attributes({"shelfwise.node": node.name})
    return Told(node.name, "internal", node.started_ns, ended, attributes, _kind(node.error), below)


def _tool(run: ToolRun, texts: Texts | None) -> Told:
    """A refusal is the shopper's to mend and no error of the tool."""
    error = "stopped" if run.outcome is None else None
    if run.outcome is not None and run.outcome.action.status == "failed":
        receipt = run.outcome.action.receipt or {}
        error = str(receipt.get("detail") or receipt.get("reason") or "failed")
    ended = run.started_ns + run.took_ns
    return Told(f"execute_tool {run.tool}", "internal", run.started_ns, ended, of_tool(run, texts), error)


def _model(run: ModelRun, thread_id: str, texts: Texts | None) -> Told:
    error = _kind(run.error) or (None if run.reply is not None else "stopped")
    name, ended = f"chat {run.asked_for}".strip(), run.started_ns + run.took_ns
    return Told(name, "client", run.started_ns, ended, of_model(run, thread_id, texts), error)


def _kind(error: str | None) -> str | None:
    """`TimeoutError` of `TimeoutError: in detail`; what has no kind was stopped."""
    if error is None:
        return None
    kind, colon, _ = error.partition(":")
    return kind if colon else "stopped"
