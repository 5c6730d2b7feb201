"""Asks one turn and keeps everything that anybody could have read of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import asdict
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.tracers.context import register_configure_hook

from app.evaluation.counterfactual.measures import Outcome, Shown
from graphs.runner import Assistant
from graphs.turn import Lang, Turn
from retrievers.document_type import DocumentType
from retrievers.frameworks.passages import plain
from retrievers.records import Evidence, UnifiedContext


class _Prompts(BaseCallbackHandler):
    """What was sent to a model, the composer included."""

    run_inline = True

    def __init__(self) -> None:
        self.texts: list[str] = []

    def on_chat_model_start(self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **_: Any) -> None:
        self.texts += [message.text for group in messages for message in group]


# LangChain looks here for callbacks, so the graph need not be built with any; turns at the same time have their own.
_listening: ContextVar[BaseCallbackHandler | None] = ContextVar("listening", default=None)
register_configure_hook(_listening, inheritable=True)


async def ask(assistant: Assistant, user_id: str, question: str, lang: Lang, k: int) -> Outcome:
    """The context and the answer, read one after the other, as a program and a shopper would."""
    prompts = _Prompts()
    token = _listening.set(prompts)
    try:
        final = await assistant.ask(Turn(question, user_id, lang))
    finally:
        _listening.reset(token)
    known = await assistant.context(user_id, question, k)
    return Outcome(
        user_id,
        question,
        final.answer,
        tuple(_shown(evidence, known) for evidence in known.evidence if evidence.type is DocumentType.PRODUCT),
        tuple(evidence.id for evidence in known.evidence),
        {
            "answer": final.model_dump_json(),
            "context": json.dumps(plain(asdict(known)), ensure_ascii=False),
            "prompt": "\n".join(prompts.texts),
        },
        tuple(f"{item.part} {item.kind}: {item.detail}" for item in (*final.degraded, *known.degraded)),
        _stale_decisions(known),
    )


def _shown(evidence: Evidence, known: UnifiedContext) -> Shown:
    product_id = str(evidence.metadata.get("product_id"))
    facts = known.items.get(product_id)
    categories: Any = evidence.metadata.get("category") or ()
    path = (categories,) if isinstance(categories, str) else tuple(categories)
    return Shown(product_id, evidence.score, facts.price if facts else None, path)


def _stale_decisions(known: UnifiedContext) -> frozenset[str]:
    used = {name for name, value in known.features.items() if value.used}
    filtered = {item.feature for item in known.plan.honoured if item.feature}
    reasoned = {reason.feature for reasons in known.reasons.values() for reason in reasons}
    aged = {name for name, value in known.features.items() if value.status == "stale"}
    return frozenset(aged & (used | filtered | reasoned))


def liked(features: Mapping[str, Any], units: Mapping[str, str]) -> tuple[str, ...]:
    """The categories that readable features name; `units` is each feature's unit."""
    held = [value.value for name, value in features.items() if units.get(name) == "category" and value.readable]
    return tuple(dict.fromkeys(name for value in held for name in ([value] if isinstance(value, str) else value)))
