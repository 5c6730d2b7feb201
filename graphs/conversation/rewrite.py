"""A model's wording of a follow-up on its own, checked against what was read without it: it may add, never remove."""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Protocol

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from graphs.conversation.memory import Memory
from graphs.conversation.remember import as_text
from graphs.conversation.understood import Understood
from graphs.turn import Lang
from retrievers.reading import Vocabulary, read_request
from retrievers.records import FilterItem, Reading

_LONGEST = 400  # code points of a rewording; more is not one


class Rewriter(Protocol):
    async def rewrite(self, message: str, memory: Memory, lang: Lang) -> str | None:
        """The message so that it can be understood alone; None when in doubt, too late or broken."""
        ...


class ModelRewriter:
    """Asks the configured chat model; `timeout_s` bounds how long a turn may wait for it."""

    def __init__(self, model: BaseChatModel, timeout_s: float = 3.0) -> None:
        self._model, self._timeout = model, timeout_s

    async def rewrite(self, message: str, memory: Memory, lang: Lang) -> str | None:
        asked = _prompt("message").format(conversation=as_text(memory, lang), message=message)
        try:
            async with asyncio.timeout(self._timeout):
                said = await self._model.ainvoke([SystemMessage(_prompt("system")), HumanMessage(asked)])
        except Exception:  # whatever broke, what was read without the model stands
            return None
        text = " ".join(str(said.text).split())
        return text if 0 < len(text) <= _LONGEST else None


def is_follow_up(message: str, understood: Understood) -> bool:
    """Whether it took the conversation to understand the message as a question."""
    return understood.reading is not None and understood.question != message


def checked(understood: Understood, rewritten: str, vocabulary: Vocabulary) -> Understood:
    """What was understood and what the rewording adds; as it was when that loses a limit or asks something else."""
    before, after = understood.reading, read_request(rewritten, vocabulary)
    if before is None or not _keeps(before, after):
        return understood
    held = {_said(item) for item in before.limits}
    limits = (*before.limits, *(item for item in after.limits if _said(item) not in held))
    terms = after.terms if after.terms else before.terms
    return replace(understood, question=rewritten, reading=replace(before, terms=terms, limits=limits))


def _keeps(before: Reading, after: Reading) -> bool:
    said = {_said(item) for item in after.limits}
    same_thing = before.head is None or after.head == before.head
    return after.intent == before.intent and same_thing and all(_said(item) in said for item in before.limits)


def _said(item: FilterItem) -> tuple[object, ...]:
    return item.field, item.op, item.value, item.unit


@cache
def _prompt(name: str) -> str:
    text = (files("graphs.conversation") / "data" / "rewrite.toml").read_text("utf-8")
    return str(tomllib.loads(text)[name]).strip()
