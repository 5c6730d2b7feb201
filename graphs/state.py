"""What travels through the graph, and what is handed to every node."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

from langchain_core.language_models import BaseChatModel

from graphs.answer import Citation, CitationQuality, Claim, Guard
from graphs.guardrails.policy import Policy
from graphs.models.composer import Composer
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


@dataclass(frozen=True, slots=True)
class Context:
    """One turn's surroundings: who asks, in which language, and the read both branches share."""

    turn: Turn
    parts: Parts
    shopper: ShopperRead
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class Draft:
    """One attempt at an answer. `released` was already shown sentence by sentence and can only grow."""

    released: str
    rejected: tuple[RejectedClaim, ...]
    model: str
    withheld: tuple[str, ...] = ()  # why the output rail kept sentences back
    judged: tuple[str, ...] = ()  # uncertain sentences a judge accepted


class State(TypedDict, total=False):
    question: str  # the message, normalised and with personal data masked
    reading: Reading
    facts: ShopperFacts
    retrieval: Retrieval
    known: UnifiedContext
    sources: Sources
    prompt: Prompt
    draft: Draft
    attempts: int
    answer: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[RejectedClaim, ...]  # of every attempt: what was written and not shown as it was
    citation_quality: CitationQuality
    guard: Guard
    degraded: Annotated[tuple[Degradation, ...], operator.add]
    timings_ms: Annotated[dict[str, float], operator.or_]


Update = dict[str, Any]
