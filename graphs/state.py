"""What travels through the graph, and what is handed to every node."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from langchain_core.language_models import BaseChatModel
from langgraph.channels import UntrackedValue

from graphs.answer import Citation, CitationQuality, Claim, Guard
from graphs.channels import Accumulated
from graphs.conversation.rewrite import Rewriter
from graphs.conversation.understood import Unclear
from graphs.guardrails.policy import Policy
from graphs.models.composer import Composer
from graphs.models.watching import ModelRun
from graphs.prompts.phrases import Description, Phrases
from graphs.prompts.prompt import Prompt
from graphs.sources import Sources
from graphs.turn import Turn
from graphs.verification.judge import Judge
from graphs.verification.outcome import RejectedClaim
from retrievers.context import ContextReader, ShopperFacts
from retrievers.records import Clock, Degradation, Reading, UnifiedContext
from retrievers.retriever import Retrieval
from retrievers.shopper_read import ShopperRead
from tools.records import Decision, Outcome, Session, ToolCall, ToolRun
from tools.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class Parts:
    """Built once at start. `model` is None when the composer answers by choice."""

    reader: ContextReader
    composer: Composer
    policy: Policy
    descriptions: Mapping[str, Description]
    clock: Clock
    model: BaseChatModel | None = None
    model_name: str = "composer"
    model_deadline_s: float = 60.0
    top_k: int = 5
    judge: Judge | None = None  # asked about uncertain claims only
    rewriter: Rewriter | None = None  # asked to word follow-ups
    toolbox: Toolbox = field(default_factory=Toolbox)
    tool_rounds: int = 4  # times a model may call tools before it has to answer


@dataclass(frozen=True, slots=True)
class Context:
    """One turn's surroundings: who asks, in which language, and the read both branches share."""

    turn: Turn
    parts: Parts
    shopper: ShopperRead
    phrases: Phrases
    session: Session
    nodes: list[NodeRun] = field(default_factory=list)  # those that ran, for whoever watches
    asked: list[ModelRun] = field(default_factory=list)  # what models were asked, as it is asked


@dataclass(frozen=True, slots=True)
class NodeRun:
    """One run of a node: what it was given and what it gave back. `started_ns` is since 1970."""

    name: str
    started_ns: int
    took_ns: int
    state: State
    update: Update
    error: str | None = None
    tools: tuple[ToolRun, ...] = ()  # what it used, in the order it began
    models: tuple[ModelRun, ...] = ()  # what it asked


@dataclass(frozen=True, slots=True)
class Draft:
    """One attempt at an answer. `released` was already shown sentence by sentence and can only grow."""

    released: str
    rejected: tuple[RejectedClaim, ...]
    model: str
    withheld: tuple[str, ...] = ()  # why the output rail kept sentences back
    judged: tuple[str, ...] = ()  # uncertain sentences a judge accepted


class State(TypedDict, total=False):
    """Only `memory` outlives a turn, as plain JSON; the rest is the turn's own."""

    memory: dict[str, Any]  # graphs.conversation.memory.Memory
    question: Annotated[str, UntrackedValue]  # what the message means on its own, personal data masked
    said: Annotated[str, UntrackedValue]  # the message, normalised and with personal data masked
    reading: Annotated[Reading, UntrackedValue]
    calls: Annotated[tuple[ToolCall, ...], UntrackedValue]  # what the message asks to be done or looked up
    decision: Annotated[Decision | None, UntrackedValue]  # the shopper's word on something proposed
    unclear: Annotated[Unclear | None, UntrackedValue]  # why the message cannot be understood without asking back
    outcomes: Annotated[tuple[Outcome, ...], UntrackedValue]  # what tools did this turn
    facts: Annotated[ShopperFacts, UntrackedValue]
    retrieval: Annotated[Retrieval, UntrackedValue]
    known: Annotated[UnifiedContext, UntrackedValue]
    sources: Annotated[Sources, UntrackedValue]
    prompt: Annotated[Prompt, UntrackedValue]
    draft: Annotated[Draft, UntrackedValue]
    attempts: Annotated[int, UntrackedValue]
    answer: Annotated[str, UntrackedValue]
    claims: Annotated[tuple[Claim, ...], UntrackedValue]
    citations: Annotated[tuple[Citation, ...], UntrackedValue]
    rejected: Annotated[tuple[RejectedClaim, ...], UntrackedValue]  # written and not shown as it was, of every attempt
    citation_quality: Annotated[CitationQuality, UntrackedValue]
    guard: Annotated[Guard, UntrackedValue]
    degraded: Annotated[tuple[Degradation, ...], Accumulated(tuple, operator.add)]
    timings_ms: Annotated[dict[str, float], Accumulated(dict, operator.or_)]


Update = dict[str, Any]
