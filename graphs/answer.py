"""The final answer: the one object every surface returns. Its JSON schema is `graphs/answer.schema.json`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphs.conversation.understood import UnclearCode
from graphs.turn import Lang
from retrievers.records import Degradation, FeatureValue, FilterItem, Reading

Verdict = Literal["supported", "contradicted", "unsupported", "uncertain", "not_a_claim"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Check(_Record):
    name: str
    passed: bool
    detail: str = ""


class Claim(_Record):
    """A sentence of the answer; offsets count code points of `answer`."""

    text: str
    start: int
    end: int
    citations: tuple[str, ...] = ()
    verdict: Verdict
    checks: tuple[Check, ...] = ()


class Citation(_Record):
    """`marker` is `1` for evidence, `F1` for a feature, `A1` for an action; offsets count the source's code points.

    `age_s` is how old a feature's value was when it was read.
    """

    marker: str
    id: str
    source: str
    title: str
    quote: str
    start: int
    end: int
    url: str | None = None
    age_s: float | None = None


class CitationQuality(_Record):
    """Of what was written, sentences never shown among it; None when nothing was claimed, or nothing cited.

    Citation precision and recall as in ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text with
    Citations"), with the checks of verification in the place of its entailment model.
    """

    precision: float | None = None
    recall: float | None = None


class ProductCard(_Record):
    """Price, stock and rating are the feature store's; None means unknown."""

    product_id: str
    title: str
    price: float | None
    currency: str
    rating: float | None
    in_stock: bool | None
    image_url: str | None
    url: str | None
    why: tuple[str, ...] = ()


class NearMiss(_Record):
    """Offered when no product keeps every limit; `breaks` names those this one does not keep."""

    product: ProductCard
    breaks: tuple[str, ...]


class Filters(_Record):
    honoured: tuple[FilterItem, ...] = ()
    relaxed: tuple[FilterItem, ...] = ()
    dropped: tuple[FilterItem, ...] = ()


class Guard(_Record):
    action: Literal["allow", "refuse", "redact"] = "allow"
    reasons: tuple[str, ...] = ()


class Action(_Record):
    tool: str
    arguments: dict[str, Any]
    status: Literal["proposed", "confirmed", "done", "refused", "failed"]
    receipt: dict[str, Any] | None = None
    action_id: str | None = None  # to confirm what is proposed


class LiveFacts(_Record):
    """A product's live facts as the answer was checked against them; None when unknown."""

    price: float | None = None
    stock: int | None = None
    rating: float | None = None
    rating_count: int | None = None
    stale: bool = False  # past its hard age: the price was to be confirmed


class Receipt(_Record):
    """What is needed to check the answer again offline."""

    prompt_sha256: str
    template_sha256: str | None = None  # of the template and phrases the prompt was made from
    index_generation: str | None
    evidence: dict[str, str]  # evidence id -> sha256 of its text, in the order of their markers
    features: dict[str, tuple[Any, datetime | None]]  # name -> (value, event time)
    items: dict[str, LiveFacts] = Field(default_factory=dict)  # by product_id
    currency: str = "USD"
    lang: Lang = "en"
    shopper_sha256: str | None = None  # of the answer's trace id, a line break and the shopper's id
    reading: Reading | None = None  # how the question was read, personal data masked; None for a refused one
    ranked: tuple[tuple[str, float], ...] = ()  # ids of the evidence in the prompt and their scores, in its order
    broken: dict[str, tuple[FilterItem, ...]] = Field(default_factory=dict)  # limits a near miss does not keep, by id
    notices: tuple[str, ...] = ()
    conversation: str = ""  # what was remembered of it, as the prompt told it
    actions_told: int = 0  # how many of the answer's actions the prompt told of; a model took the others later
    citation_quality: CitationQuality = CitationQuality()


class FinalAnswer(_Record):
    answer: str
    citations: tuple[Citation, ...]
    products: tuple[ProductCard, ...]
    nearest: tuple[NearMiss, ...] = ()
    filters: Filters
    features: tuple[FeatureValue, ...]
    claims: tuple[Claim, ...]
    degraded: tuple[Degradation, ...]
    guard: Guard
    actions: tuple[Action, ...]
    asks_back: UnclearCode | None = Field(default=None, description="why it had to ask instead of answering")
    model: str
    timings_ms: dict[str, float]
    trace_id: str
    thread_id: str
    receipt: Receipt = Field(description="re-check with `shelfwise verify`")

    def with_degraded(self, degraded: Iterable[Degradation]) -> FinalAnswer:
        """Each is told once."""
        return self.model_copy(update={"degraded": tuple(dict.fromkeys((*self.degraded, *degraded)))})


def shopper_sha256(trace_id: str, user_id: str) -> str:
    """Tells whether an answer was given to a known shopper, without naming anybody or linking two answers."""
    return hashlib.sha256(f"{trace_id}\n{user_id}".encode()).hexdigest()


def schema() -> dict[str, Any]:
    """The JSON schema of the final answer; `graphs/answer.schema.json` holds it for other programs."""
    return FinalAnswer.model_json_schema(mode="serialization")
