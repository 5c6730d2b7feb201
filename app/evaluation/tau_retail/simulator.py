"""A customer played by a model."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from graphs.models.streaming import stream_answer


class Simulator:
    """One customer in one conversation. The roles are turned round: the shop's assistant is the model's human."""

    def __init__(self, model: BaseChatModel, instruction: str, deadline_s: float) -> None:
        self._model, self._deadline = model, deadline_s
        system = _prompt("system").replace("{stop}", _prompt("stop")).replace("{instruction}", instruction)
        self._said: list[BaseMessage] = [SystemMessage(system)]

    async def opening(self) -> str | None:
        return await self.answer(_prompt("greeting"))

    async def answer(self, heard: str) -> str | None:
        """None when the customer leaves; as in tau-bench, words beside the stop mark are lost. Raises ModelFailed."""
        self._said.append(HumanMessage(heard))
        chunks = [text async for text in stream_answer(self._model, self._said, deadline_s=self._deadline)]
        message = "".join(chunks).strip()
        self._said.append(AIMessage(message))
        return None if _prompt("stop") in message else message


@cache
def _prompt(name: str) -> str:
    return str(tomllib.loads((files("app.evaluation.tau_retail") / "prompts.toml").read_text("utf-8"))[name]).strip()
