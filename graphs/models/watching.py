"""What models were asked in a turn: when, how long it took, what it came to. References only; nothing is copied."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, LLMResult


@dataclass(slots=True)
class ModelRun:
    """One request to a model. `reply` is None for one that failed or was stopped; `node` is empty outside a graph."""

    node: str
    asked_for: str
    provider: str
    messages: Sequence[BaseMessage]
    started_ns: int  # since 1970
    took_ns: int = 0
    first_ns: int | None = None  # when its first word came, since 1970
    reply: AIMessage | None = None
    error: str | None = None

    @property
    def model(self) -> str:
        """As the endpoint calls what answered, which may be a dated version of what was asked for."""
        return str(self._told.get("model_name") or self.asked_for)

    @property
    def finish_reason(self) -> str | None:
        return self._told.get("finish_reason")

    @property
    def usage(self) -> UsageMetadata | None:
        """None when the endpoint does not count."""
        return self.reply.usage_metadata if self.reply else None

    @property
    def _told(self) -> dict[str, Any]:
        return self.reply.response_metadata if self.reply else {}


class ModelWatch(BaseCallbackHandler):
    """Notes every request below whatever it is given to as a callback, in the order they began."""

    run_inline = True
    ignore_chain = ignore_agent = ignore_retriever = ignore_retry = ignore_custom_event = True

    def __init__(self) -> None:
        self.runs: list[ModelRun] = []
        self._open: dict[UUID, tuple[ModelRun, int]] = {}

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        known = metadata or {}
        node, model, provider = (
            str(known.get(name, "")) for name in ("langgraph_node", "ls_model_name", "ls_provider")
        )
        run = ModelRun(node, model, provider, messages[0] if messages else [], time.time_ns())
        self.runs.append(run)
        self._open[run_id] = run, time.perf_counter_ns()

    def on_llm_new_token(self, token: Any, *, run_id: UUID, **kwargs: Any) -> None:
        run, _ = self._open.get(run_id, (None, 0))
        if run is not None and run.first_ns is None:
            run.first_ns = time.time_ns()

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        if run := self._ended(run_id):
            generation = response.generations[0][0] if response.generations and response.generations[0] else None
            if isinstance(generation, ChatGeneration) and isinstance(generation.message, AIMessage):
                run.reply = generation.message

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        if run := self._ended(run_id):
            run.error = f"{type(error).__name__}: {error}"

    def _ended(self, run_id: UUID) -> ModelRun | None:
        run, clock = self._open.pop(run_id, (None, 0))
        if run is not None:
            run.took_ns = time.perf_counter_ns() - clock
        return run
