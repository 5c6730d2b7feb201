"""Joins what was read, found and done into one context, numbers its sources and renders the prompt."""

from __future__ import annotations

from dataclasses import replace

from langgraph.config import get_stream_writer
from langgraph.runtime import Runtime

from graphs.conversation.counting import shown
from graphs.conversation.memory import Memory
from graphs.conversation.remember import as_text
from graphs.conversation.shown import known as latest
from graphs.guardrails.evidence import clean_all, clean_outcomes
from graphs.presentation import feature_rows, product_cards
from graphs.prompts.prompt import build_prompt as render
from graphs.sources import Sources
from graphs.state import Context, State, Update
from retrievers.records import FilterPlan, Reason, UnifiedContext


async def build_prompt(state: State, runtime: Runtime[Context]) -> Update:
    """Also tells the page early which facts and products the answer will rest on."""
    context, parts = runtime.context, runtime.context.parts
    known = _cleaned(await _joined(state, context))
    sources = Sources.of(known).and_done(clean_outcomes(state["outcomes"]))
    known = with_found(known, sources)
    before = as_text(Memory.model_validate(state.get("memory") or {}), context.turn.lang)
    prompt = render(known, sources, context.turn.lang, parts.descriptions, conversation=before)
    write = get_stream_writer()
    write(("features", {"features": feature_rows(known, parts.descriptions, context.turn.lang)}))
    write(("products", {"products": [card.model_dump(mode="json") for card in product_cards(known, context.phrases)]}))
    return {
        "known": known,
        "sources": sources,
        "prompt": prompt,
        "degraded": known.degraded,
        "timings_ms": dict(known.timings_ms),
    }


def with_found(known: UnifiedContext, sources: Sources) -> UnifiedContext:
    """The context with the passages tools found, which are numbered after everything else."""
    before = {item.id for item in (*known.evidence, *(miss.evidence for miss in known.nearest))}
    found = tuple(item for item in sources.evidence.values() if item.id not in before)
    return replace(known, evidence=known.evidence + found, items=sources.items) if found else known


async def _joined(state: State, context: Context) -> UnifiedContext:
    """A turn that only does something has read nothing."""
    if "retrieval" in state:
        count = shown(state["reading"], context.parts.top_k)
        known = await context.parts.reader.join(context.turn.user_id, state["facts"], state["retrieval"], count)
        return _explained(known, Memory.model_validate(state.get("memory") or {}))
    currencies = (outcome.action.receipt.get("currency") for outcome in state["outcomes"] if outcome.action.receipt)
    known = UnifiedContext(context.turn.user_id, {}, (), FilterPlan(), {}, reading=state["reading"])
    return replace(known, currency=next((each for each in currencies if each), known.currency))


def _explained(known: UnifiedContext, memory: Memory) -> UnifiedContext:
    """Why products asked about were shown, as far as the facts behind that are still known."""
    if known.reading is None or not known.reading.explains:
        return known
    kept = {product_id: product.reasons for product_id, product in latest(memory).items()}
    readable = {name for name, value in known.features.items() if value.readable}
    reasons = {
        product_id: tuple(
            Reason(r.kind, r.feature, r.params) for r in kept.get(product_id, ()) if r.feature in readable
        )
        for product_id in known.reading.only
    }
    return replace(known, reasons=reasons)


def _cleaned(known: UnifiedContext) -> UnifiedContext:
    """Instructions hidden in evidence are taken out before anything reads it."""
    evidence, unchecked = clean_all(known.evidence)
    near, unsure = clean_all(miss.evidence for miss in known.nearest)
    kept = {item.id: item for item in near}
    nearest = tuple(replace(miss, evidence=kept[key]) for miss in known.nearest if (key := miss.evidence.id) in kept)
    return replace(known, evidence=evidence, nearest=nearest, degraded=known.degraded + unchecked + unsure)
