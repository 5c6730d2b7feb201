"""What of a node's state matters to someone who asks later why an answer was what it was. A node is a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from retrievers.records import Evidence, FilterPlan

State = Mapping[str, Any]
Told = dict[str, Any]
Teller = Callable[[State], Told]


def _received(state: State) -> Told:
    names = ("said", "question", "reading", "calls", "decision", "unclear", "guard")
    return {name: state.get(name) for name in names}


def _features(state: State) -> Told:
    facts = state["facts"]
    told = {"readable": facts.readable, "defaults_level": facts.level, "features": list(facts.features.values())}
    return told | {"degraded": facts.degraded, "timings_ms": facts.timings_ms}


def _retrieved(state: State) -> Told:
    found = state["retrieval"]
    return {
        "plan": _plan(found.plan),
        "candidates": len(found.pool.candidates),
        "texts": _scored((*found.texts, *found.reviews)),
        "near_misses": len(found.near),
        "index_generation": found.generation,
        "degraded": found.degraded,
        "timings_ms": found.timings_ms,
    }


def _prompted(state: State) -> Told:
    known, prompt = state["known"], state["prompt"]
    return {
        "prompt_sha256": prompt.sha256,
        "template_sha256": prompt.template_sha256,
        "evidence": _scored(known.evidence),
        "in_prompt": [item.id for item in known.evidence if item.id in prompt.evidence],
        "nearest": [{"id": miss.evidence.id, "breaks": miss.broken} for miss in known.nearest],
        "plan": _plan(known.plan),
        "used_features": [name for name, value in known.features.items() if value.used],
        "reasons": known.reasons,
        "items": list(known.items.values()),
        "notices": known.notices,
        "conversation": prompt.conversation,
    }


def _written(state: State) -> Told:
    draft = state["draft"]
    rejected = [
        {"text": each.claim.text, "checks": each.claim.checks, "action": each.action, "became": each.became}
        for each in draft.rejected
    ]
    return {
        "model": draft.model,
        "attempt": state["attempts"],
        "released": draft.released,
        "rejected": rejected,
        "withheld": draft.withheld,
        "judged": draft.judged,
        "actions": _done(state),
    }


def _verified(state: State) -> Told:
    return {"claims": state["claims"], "citations": state["citations"], "citation_quality": state["citation_quality"]}


def _acted(state: State) -> Told:
    return {"actions": _done(state)}


def _guarded(state: State) -> Told:
    return {"guard": state.get("guard"), "answer": state.get("answer")}


def _remembered(state: State) -> Told:
    return {"memory": state.get("memory")}


def _prompt_given(state: State) -> Told:
    return {"prompt_sha256": state["prompt"].sha256, "evidence": sorted(state["prompt"].evidence)}


def _only(*names: str) -> Teller:
    return lambda state: {name: state.get(name) for name in names}


def _plan(plan: FilterPlan) -> Told:
    return {"honoured": plan.honoured, "relaxed": plan.relaxed, "dropped": plan.dropped}


def _scored(evidence: Iterable[Evidence]) -> list[Told]:
    """Texts stay in the index; an id and the receipt's digest find them again."""
    return [
        {"id": item.id, "type": item.type, "source": item.source, "title": item.title, "score": item.score}
        for item in evidence
    ]


def _done(state: State) -> list[Any]:
    return [outcome.action for outcome in state.get("outcomes", ())]


INPUTS: Mapping[str, Teller] = {
    "receive": _only("memory"),
    "fetch_features": _only("question"),
    "retrieve": _only("question"),
    "act": _only("calls"),
    "decide": _only("decision"),
    "build_prompt": _only("question"),
    "generate": _prompt_given,
    "verify_citations": lambda state: {"released": state["draft"].released},
}
OUTPUTS: Mapping[str, Teller] = {
    "receive": _received,
    "await_decision": _received,
    "fetch_features": _features,
    "retrieve": _retrieved,
    "act": _acted,
    "decide": _acted,
    "build_prompt": _prompted,
    "generate": _written,
    "verify_citations": _verified,
    "guardrail": _guarded,
    "remember": _remembered,
}
