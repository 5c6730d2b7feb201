"""An optional second opinion on claims the checks are uncertain of; it can accept, never contradict a record."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from graphs.verification.cited import Case
from graphs.verification.markers import without_markers


class Judge(Protocol):
    async def supports(self, sentence: str, passages: Sequence[str]) -> bool:
        """Whether the passages say what the sentence says; False when in doubt, too late or broken."""
        ...


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """Asks the configured chat model; `timeout_s` bounds how long a sentence may be held up."""

    model: BaseChatModel
    timeout_s: float = 3.0

    async def supports(self, sentence: str, passages: Sequence[str]) -> bool:
        quoted = "\n".join(f"- {' '.join(passage.split())}" for passage in passages)
        question = _prompt("question").format(passages=quoted, sentence=without_markers(sentence))
        try:
            async with asyncio.timeout(self.timeout_s):
                said = await self.model.ainvoke([SystemMessage(_prompt("system")), HumanMessage(question)])
        except Exception:  # whatever broke, an unproven claim stays unproven
            return False
        return str(said.text).strip(" .\n").casefold() == "yes"


def passages_of(case: Case) -> list[str]:
    """What the cited sources show for a sentence, as a judge is to see it."""
    found = (source.passage(case.statement.needs) for source in case.cited)
    return [passage.text for passage in found if passage is not None]


@cache
def _prompt(name: str) -> str:
    text = (files("graphs.verification") / "data" / "judge.toml").read_text("utf-8")
    return str(tomllib.loads(text)[name]).strip()
