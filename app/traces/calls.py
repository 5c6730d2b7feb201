"""What a node used and what it asked, as runs below it: tools with what came of them, models with tokens and money."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage

from graphs.models.prices import Prices
from graphs.models.spending import cost_of
from graphs.models.watching import ModelRun
from tools.records import ToolRun

_COUNTS = ("input_tokens", "output_tokens", "total_tokens")
_STOPPED = "stopped before its answer"


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is told: `texts` are prompts and replies word by word, instead of a prompt's digest."""

    prices: Prices = field(default_factory=Prices.load)
    texts: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A run below a node, without its place in the trace."""

    name: str
    run_type: Literal["tool", "llm"]
    started_ns: int
    took_ns: int
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    error: str | None
    metadata: dict[str, Any]


def calls_of(tools: Iterable[ToolRun], models: Iterable[ModelRun], detail: Detail) -> list[Call]:
    """In the order they began."""
    calls = [*map(_used, tools), *(_asked(run, detail) for run in models)]
    return sorted(calls, key=lambda call: call.started_ns)


def usage_of(models: Sequence[ModelRun], prices: Prices) -> dict[str, Any]:
    """Tokens and US dollars as LangSmith's SDK names them; no dollars unless every request has a price."""
    if not (known := [run.usage for run in models if run.usage]):
        return {}
    told: dict[str, Any] = {name: sum(usage[name] for usage in known) for name in _COUNTS}  # type: ignore[literal-required]
    if (cost := cost_of(models, prices)) is None:
        return told
    return told | {"input_cost": cost.input, "output_cost": cost.output, "total_cost": cost.total}


def _used(run: ToolRun) -> Call:
    outcome = run.outcome
    action = outcome.action if outcome else None
    outputs: dict[str, Any] = {}
    error = _STOPPED if action is None else None
    if outcome and action:
        outputs = {"status": action.status, "receipt": action.receipt, "action_id": action.action_id}
        outputs["found"] = [item.id for item in outcome.evidence] or None
        if action.status == "failed":
            receipt = action.receipt or {}
            error = " ".join(str(receipt[name]) for name in ("reason", "detail") if name in receipt) or "failed"
    told = {name: value for name, value in outputs.items() if value is not None}
    arguments = dict(run.call.arguments)
    return Call(run.tool, "tool", run.started_ns, run.took_ns, arguments, told, error, {"attempts": run.attempts})


def _asked(run: ModelRun, detail: Detail) -> Call:
    given = [("ai" if isinstance(message, AIMessage) else message.type, str(message.text)) for message in run.messages]
    inputs: dict[str, Any] = {"prompt_sha256": _digest(run.messages), "messages": len(given)}
    outputs: dict[str, Any] = {"model": run.model, "finish_reason": run.finish_reason}
    if run.reply is not None and run.reply.tool_calls:
        outputs["tool_calls"] = [call["name"] for call in run.reply.tool_calls]
    if detail.texts:
        inputs["messages"] = [{"role": role, "content": text} for role, text in given]
        outputs["text"] = str(run.reply.text) if run.reply is not None else None
    metadata: dict[str, Any] = {"ls_provider": run.provider, "ls_model_name": run.asked_for, "ls_model_type": "chat"}
    if usage := usage_of([run], detail.prices):
        metadata["usage_metadata"] = usage
    error = run.error or (None if run.reply is not None else _STOPPED)
    told = {name: value for name, value in outputs.items() if value is not None} if run.reply is not None else {}
    return Call(run.asked_for, "llm", run.started_ns, run.took_ns, inputs, told, error, metadata)


def _digest(messages: Sequence[BaseMessage]) -> str:
    """Of the first request of a turn it is the digest in the answer's receipt."""
    return hashlib.sha256("\0".join(str(message.text) for message in messages).encode(errors="replace")).hexdigest()
