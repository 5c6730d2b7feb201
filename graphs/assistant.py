"""The state machine, readable top to bottom. A new node is a file in `nodes/` and a line in `NODES`."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graphs.nodes.build_prompt import build_prompt
from graphs.nodes.fetch_features import fetch_features
from graphs.nodes.generate import generate
from graphs.nodes.guardrail import guardrail
from graphs.nodes.receive import receive
from graphs.nodes.retrieve import retrieve
from graphs.nodes.verify_citations import after_verification, verify_citations
from graphs.state import Context, State

NODES = (receive, fetch_features, retrieve, build_prompt, generate, verify_citations, guardrail)


def build_assistant() -> CompiledStateGraph[State, Context, State, State]:
    graph = StateGraph(State, context_schema=Context)
    for node in NODES:
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "receive")
    graph.add_conditional_edges("receive", after_receipt, ["fetch_features", "retrieve", "guardrail"])
    graph.add_edge(["fetch_features", "retrieve"], "build_prompt")
    graph.add_edge("build_prompt", "generate")
    graph.add_edge("generate", "verify_citations")
    graph.add_conditional_edges("verify_citations", after_verification, ["generate", "guardrail"])
    graph.add_edge("guardrail", END)
    return graph.compile(name="assistant")


def after_receipt(state: State) -> list[str]:
    """Both branches at once; a refused request goes straight to the guardrail."""
    return ["guardrail"] if state["guard"].action == "refuse" else ["fetch_features", "retrieve"]
