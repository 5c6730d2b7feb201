"""Confirms the released text as a whole: offsets, citations with their quotes, and a verdict for each claim."""

from __future__ import annotations

import time

from langgraph.runtime import Runtime

from graphs.answer import Citation
from graphs.state import Context, State, Update
from graphs.verification.quality import citation_quality
from graphs.verification.verify import verify

MAX_ATTEMPTS = 2  # one answer and at most one regeneration


async def verify_citations(state: State, runtime: Runtime[Context]) -> Update:
    started = time.perf_counter()
    draft, sources, lang = state["draft"], state["sources"], runtime.context.turn.lang
    earlier = state.get("rejected", ()) if state["attempts"] > 1 else ()
    verified = verify(draft.released, sources, lang, draft.judged)
    written = (*draft.rejected, *verified.rejected)
    quality = citation_quality(verified.claims, written, sources, lang)
    took = round((time.perf_counter() - started) * 1000, 3)
    return {
        "answer": verified.answer,
        "claims": verified.claims,
        "rejected": (*earlier, *written),
        "citation_quality": quality,
        "citations": tuple(_named(citation, runtime.context) for citation in verified.citations),
        "timings_ms": {"verify_citations": took},
    }


def _named(citation: Citation, context: Context) -> Citation:
    """A fact about the shopper goes by the name a person reads."""
    description = context.parts.descriptions.get(citation.id)
    return citation.model_copy(update={"title": description.names[context.turn.lang]}) if description else citation


def after_verification(state: State) -> str:
    """Regenerate once, and only while nothing was shown."""
    nothing_shown = not state["draft"].released
    may_retry = nothing_shown and bool(state["draft"].rejected) and state["attempts"] < MAX_ATTEMPTS
    return "generate" if may_retry else "guardrail"
