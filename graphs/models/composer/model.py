"""The composer as a chat model, so that the graph need not know which kind it talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LangSmithParams
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from graphs.conversation.understood import Unclear
from graphs.models.composer.compose import compose
from graphs.models.composer.turn import ComposerTurn
from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from retrievers.records import UnifiedContext


class Composer(BaseChatModel):
    """Writes from the turn bound to it and never reads the messages: nothing in a prompt can steer it."""

    turn: ComposerTurn | None = Field(default=None, exclude=True, repr=False)

    def for_turn(
        self, context: UnifiedContext, sources: Sources, phrases: Phrases, unclear: Unclear | None = None
    ) -> Composer:
        """A copy that answers this turn; the original is shared between turns and stays unbound."""
        return self.model_copy(update={"turn": ComposerTurn(context, sources, phrases, unclear)})

    @property
    def _llm_type(self) -> str:
        return "composer"

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        return LangSmithParams(ls_provider="shelfwise", ls_model_name="composer", ls_model_type="chat")

    def _sentences(self) -> list[str]:
        if self.turn is None:
            raise ValueError("the composer has no turn to write from: call for_turn() first")
        return compose(self.turn)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = AIMessage(" ".join(self._sentences()), response_metadata={"finish_reason": "stop"})
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """A sentence a chunk."""
        for index, sentence in enumerate(self._sentences()):
            yield _chunk(sentence if index == 0 else f" {sentence}")
        yield _chunk("", finish_reason="stop")

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._stream(messages):
            yield chunk


def _chunk(text: str, **metadata: str) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=text, response_metadata=metadata))
