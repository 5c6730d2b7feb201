"""Joins both branches into one context, numbers its sources and renders the prompt."""

from __future__ import annotations

from dataclasses import replace

from langgraph.config import get_stream_writer
from langgraph.runtime import Runtime

from graphs.guardrails.evidence import clean_all
from graphs.presentation import feature_rows, product_cards
from graphs.prompts.prompt import build_prompt as render
from graphs.sources import Sources
from graphs.state import Context, State, Update


async def build_prompt(state: State, runtime: Runtime[Context]) -> Update:
    """Also tells the page early which facts and products the answer will rest on."""
    context, parts = runtime.context, runtime.context.parts
    known = await parts.reader.join(context.turn.user_id, state["facts"], state["retrieval"], parts.top_k)
    evidence, unchecked = clean_all(known.evidence)
    near, unsure = clean_all(miss.evidence for miss in known.nearest)
    kept = {item.id: item for item in near}
    nearest = tuple(replace(miss, evidence=kept[key]) for miss in known.nearest if (key := miss.evidence.id) in kept)
    known = replace(known, evidence=evidence, nearest=nearest, degraded=known.degraded + unchecked + unsure)
    sources = Sources.of(known)
    prompt = render(known, sources, context.turn.lang, parts.descriptions)
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
