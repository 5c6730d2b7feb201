"""What spans say of a turn, its tools and its models, by OpenTelemetry's conventions for generative AI.

Texts (questions, answers, prompts, arguments) are told only with `Texts`, as the conventions want it:
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage

from graphs.models.watching import ModelRun
from graphs.observing import TurnRecord
from tools.records import ToolRun

AGENT = PROVIDER = "shelfwise"
Attributes = dict[str, str | int | float | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts are told, masked."""

    mask: Callable[[str], str]

    def told(self, value: Any) -> str:
        """JSON in which every text is masked."""
        return json.dumps(self._masked(value), ensure_ascii=False, default=lambda other: self.mask(str(other)))

    def _masked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, Mapping):
            return {str(name): self._masked(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._masked(each) for each in value]
        return value


def of_turn(record: TurnRecord, texts: Texts | None) -> Attributes:
    told: Attributes = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": PROVIDER,
        "gen_ai.agent.name": AGENT,
        "gen_ai.conversation.id": record.thread_id,
        "shelfwise.lang": record.turn.lang,
    }
    final = record.final
    if final is not None:
        told |= {"gen_ai.request.model": final.model, "shelfwise.guard.action": final.guard.action}
        if degraded := [f"{each.part}:{each.kind}" for each in final.degraded]:
            told["shelfwise.degraded"] = degraded
    if texts is not None:
        said = next((node.update["said"] for node in record.nodes if "said" in node.update), None)
        told["user.id"] = record.turn.user_id
        if said is not None:
            told["gen_ai.input.messages"] = texts.told([_message("user", [_text(said)])])
        if final is not None:
            told["gen_ai.output.messages"] = texts.told([_message("assistant", [_text(final.answer)]) | _STOPPED])
    return told


def of_tool(run: ToolRun, texts: Texts | None) -> Attributes:
    told: Attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.provider.name": PROVIDER,
        "gen_ai.tool.name": run.tool,
        "gen_ai.tool.type": "function",
        "shelfwise.tool.attempts": run.attempts,
    }
    if run.outcome is not None:
        told["shelfwise.tool.status"] = run.outcome.action.status
    if texts is not None:
        told["gen_ai.tool.call.arguments"] = texts.told(run.call.arguments)
        if run.outcome is not None:
            told["gen_ai.tool.call.result"] = texts.told(run.outcome.action.receipt or {})
    return told


def of_model(run: ModelRun, thread_id: str, texts: Texts | None) -> Attributes:
    told: Attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": run.provider,
        "gen_ai.request.model": run.asked_for,
        "gen_ai.conversation.id": thread_id,
    }
    if run.first_ns is not None:
        told["gen_ai.response.time_to_first_chunk"] = (run.first_ns - run.started_ns) / 1e9
    if run.reply is not None:
        told["gen_ai.response.model"] = run.model
        if run.finish_reason:
            told["gen_ai.response.finish_reasons"] = [run.finish_reason]
    if run.usage is not None:
        told["gen_ai.usage.input_tokens"] = run.usage["input_tokens"]
        told["gen_ai.usage.output_tokens"] = run.usage["output_tokens"]
    if texts is not None:
        told |= _words_of(run, texts)
    return told


_STOPPED = {"finish_reason": "stop"}


def _words_of(run: ModelRun, texts: Texts) -> Attributes:
    system = [_text(str(message.text)) for message in run.messages if isinstance(message, SystemMessage)]
    rest = [_spoken(message) for message in run.messages if not isinstance(message, SystemMessage)]
    told: Attributes = {"gen_ai.input.messages": texts.told(rest)}
    if system:
        told["gen_ai.system_instructions"] = texts.told(system)
    if run.reply is not None:
        reply = _spoken(run.reply) | {"finish_reason": run.finish_reason or ""}
        told["gen_ai.output.messages"] = texts.told([reply])
    return told


def _spoken(message: BaseMessage) -> dict[str, Any]:
    text = str(message.text)
    if isinstance(message, ToolMessage):
        return _message("tool", [{"type": "tool_call_response", "id": message.tool_call_id, "response": text}])
    if not isinstance(message, AIMessage):
        return _message("user", [_text(text)])
    calls = [
        {"type": "tool_call", "id": call["id"], "name": call["name"], "arguments": call["args"]}
        for call in message.tool_calls
    ]
    return _message("assistant", [*([_text(text)] if text else []), *calls])


def _message(role: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"role": role, "parts": parts}


def _text(content: str) -> dict[str, Any]:
    return {"type": "text", "content": content}
