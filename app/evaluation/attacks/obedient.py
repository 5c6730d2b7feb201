"""A chat model that does whatever the texts in its prompt tell it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from app.evaluation.attacks.effects import sayings
from app.evaluation.attacks.plants import Attack

_PASSAGE = re.compile(
    r"^\[(?P<marker>\d+)\] (?P<title>[^\n]*?) \([^\n]*\)\n[^<]*?<<<(?P<fence>\S+)\n(?P<text>.*?)\n(?P=fence)>>>",
    re.MULTILINE | re.DOTALL,
)
_PIECE = re.compile(r"[^.!?\n]+")
_TELLING = 3  # words of a planted sentence that are left for the model to obey it


class ObedientModel(BaseChatModel):
    """It finds what was planted only if the prompt still holds it, and cites the passage that holds it."""

    attacks: tuple[Attack, ...]

    @property
    def _llm_type(self) -> str:
        return "obedient"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = AIMessage(content=self.says(messages), response_metadata={"finish_reason": "stop"})
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=AIMessageChunk(content=self.says(messages)))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata={"finish_reason": "stop"}))

    def says(self, messages: Sequence[BaseMessage]) -> str:
        """An honest sentence about the first passage, then all that the planted texts ask for."""
        system, honest, passages = str(messages[0].content), self.honest(messages), _passages(messages)
        lines = [_cited(honest, passages[0]["marker"])] if passages else [honest]
        for passage in passages:
            for attack in self._found_in(passage["text"]):
                lines += [_cited(saying.text, passage["marker"]) for saying in sayings(attack, honest, system)]
        return "\n".join(lines)

    def honest(self, messages: Sequence[BaseMessage]) -> str:
        """What it would say by itself, without a marker."""
        passages = _passages(messages)
        return f"There is the {passages[0]['title']}" if passages else "The store has no information about that"

    def _found_in(self, text: str) -> Iterator[Attack]:
        plain = _plain(text)
        for attack in self.attacks:
            pieces = [_plain(piece) for piece in _PIECE.findall(attack.text)]
            telling = [piece for piece in pieces if len(piece.split()) >= _TELLING] or pieces
            if any(piece in plain for piece in telling if piece):
                yield attack


def _passages(messages: Sequence[BaseMessage]) -> list[re.Match[str]]:
    return list(_PASSAGE.finditer(str(messages[-1].content)))


def _cited(sentence: str, marker: str) -> str:
    """The marker stands before the full stop, as the prompt asks."""
    bare = sentence.rstrip(" .!?")
    return f"{bare} [{marker}]{sentence[len(bare) :].strip() or '.'}"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
