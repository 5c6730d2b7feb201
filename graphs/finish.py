"""Gathers a finished turn into the final answer and its receipt."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

from graphs.answer import Action, CitationQuality, Filters, FinalAnswer, LiveFacts, Receipt, shopper_sha256
from graphs.presentation import near_misses, product_cards
from graphs.prompts.phrases import Phrases
from graphs.state import State
from graphs.turn import Lang
from retrievers.records import ItemFacts, UnifiedContext


def final_answer(state: State, phrases: Phrases, trace_id: str, thread_id: str) -> FinalAnswer:
    """Works for refused turns too, which know nothing and cite nothing."""
    known, unclear = state.get("known"), state.get("unclear")
    return FinalAnswer(
        answer=state["answer"],
        citations=state.get("citations", ()),
        products=tuple(product_cards(known, phrases)) if known else (),
        nearest=tuple(near_misses(known, phrases)) if known else (),
        filters=_filters(known),
        features=tuple(known.features.values()) if known else (),
        claims=state.get("claims", ()),
        degraded=state.get("degraded", ()),
        guard=state["guard"],
        actions=tuple(Action(**asdict(outcome.action)) for outcome in state.get("outcomes", ())),
        asks_back=unclear.code if unclear else None,
        model=state["draft"].model if "draft" in state else "none",
        timings_ms=state.get("timings_ms", {}),
        trace_id=trace_id,
        thread_id=thread_id,
        receipt=_receipt(state, known, phrases.lang, trace_id),
    )


def _filters(known: UnifiedContext | None) -> Filters:
    if known is None:
        return Filters()
    return Filters(honoured=known.plan.honoured, relaxed=known.plan.relaxed, dropped=known.plan.dropped)


def _receipt(state: State, known: UnifiedContext | None, lang: Lang, trace_id: str) -> Receipt:
    if known is None:
        empty = hashlib.sha256(b"").hexdigest()
        return Receipt(prompt_sha256=empty, index_generation=None, evidence={}, features={})
    prompt, offered = state["prompt"], (*(miss.evidence for miss in known.nearest), *known.evidence)
    return Receipt(
        prompt_sha256=prompt.sha256,
        template_sha256=prompt.template_sha256,
        index_generation=known.index_generation,
        evidence={
            item.id: hashlib.sha256(item.text.encode()).hexdigest() for item in state["sources"].evidence.values()
        },
        features={name: (value.value, value.event_time) for name, value in known.features.items() if value.readable},
        items={product_id: _live(facts) for product_id, facts in known.items.items()},
        currency=known.currency,
        lang=lang,
        shopper_sha256=shopper_sha256(trace_id, known.user_id),
        reading=known.reading,
        ranked=tuple((item.id, item.score) for item in offered if item.id in prompt.evidence),
        broken={miss.evidence.id: miss.broken for miss in known.nearest},
        notices=known.notices,
        conversation=prompt.conversation,
        actions_told=prompt.actions,
        citation_quality=state.get("citation_quality", CitationQuality()),
    )


def _live(facts: ItemFacts) -> LiveFacts:
    return LiveFacts(
        price=facts.price,
        stock=facts.stock,
        rating=facts.rating,
        rating_count=facts.rating_count,
        stale=facts.stale,
    )
