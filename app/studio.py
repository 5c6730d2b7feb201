"""The assistant for LangGraph's own tools (`langgraph dev`), which bring a message but none of our parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NotRequired, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from app.runtime import open_shop
from app.settings import Settings
from graphs.turn import Lang, Turn


class Asked(TypedDict):
    message: str
    user_id: NotRequired[str]
    lang: NotRequired[Lang]
    thread_id: NotRequired[str]


class Answered(TypedDict):
    final: dict[str, Any]  # as in `graphs/answer.schema.json`


class Exchange(Asked, Answered):
    pass


@asynccontextmanager
async def assistant() -> AsyncIterator[CompiledStateGraph[Exchange, None, Asked, Answered]]:
    """Opens the shop of SHELFWISE_DATA for as long as the tool runs."""
    with open_shop(Settings()) as shop:
        await shop.warm_up()

        async def turn(state: Asked) -> Answered:
            user_id, lang = state.get("user_id", "anonymous"), state.get("lang", "en")
            asked = Turn(state["message"], user_id, lang, state.get("thread_id"))
            final = await shop.assistant.ask(asked)
            return {"final": final.model_dump(mode="json")}

        graph = StateGraph(Exchange, input_schema=Asked, output_schema=Answered)
        graph.add_node("turn", turn)
        graph.add_edge(START, "turn")
        graph.add_edge("turn", END)
        yield graph.compile(name="shelfwise")
