"""The state machine, readable top to bottom. A new node is a file in `nodes/` and a line in `NODES`."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graphs.nodes.act import act
from graphs.nodes.await_decision import await_decision
from graphs.nodes.build_prompt import build_prompt
from graphs.nodes.decide import decide
from graphs.nodes.fetch_features import fetch_features
from graphs.nodes.generate import generate
from graphs.nodes.guardrail import guardrail
from graphs.nodes.receive import receive
from graphs.nodes.remember import after_memory, remember
from graphs.nodes.retrieve import retrieve
from graphs.nodes.verify_citations import after_verification, verify_citations
from graphs.observing import timed
from graphs.state import Context, State

READ = (receive, fetch_features, retrieve, act, decide)
WRITE = (build_prompt, generate, verify_citations, guardrail, remember, await_decision)
NODES = READ + WRITE


def build_assistant() -> CompiledStateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    for node in NODES:
        graph.add_node(node.__name__, timed(node.__name__, node))
    graph.add_edge(START, "receive")
    graph.add_conditional_edges("receive", after_receipt, ["fetch_features", "retrieve", "act", "decide", "guardrail"])
    graph.add_edge(["fetch_features", "retrieve"], "build_prompt")
    graph.add_edge("act", "build_prompt")
    graph.add_edge("decide", "build_prompt")
    graph.add_edge("build_prompt", "generate")
    graph.add_edge("generate", "verify_citations")
    graph.add_conditional_edges("verify_citations", after_verification, ["generate", "guardrail"])
    graph.add_edge("guardrail", "remember")
    graph.add_conditional_edges("remember", after_memory, ["await_decision", END])
    graph.add_edge("await_decision", "decide")
    return graph.compile(name="assistant")


def after_receipt(state: State) -> list[str]:
    """Both branches at once for a question; a refused request goes straight to the guardrail.

    To ask back without products to choose from, nothing has to be read.
    """
    if state["guard"].action == "refuse":
        return ["guardrail"]
    if state["decision"]:
        return ["decide"]
    nothing_to_read = state["unclear"] and not state["reading"].only
    return ["act"] if state["calls"] or nothing_to_read else ["fetch_features", "retrieve"]
