"""What a stored answer was made from, put together again: its sources, its context, its plan and its prompt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from graphs.answer import FinalAnswer
from graphs.prompts.phrases import Description
from graphs.prompts.prompt import Prompt, build_prompt
from graphs.sources import Sources
from retrievers.plan import make_plan, relax
from retrievers.records import (
    Evidence,
    FeatureValue,
    FilterPlan,
    ItemFacts,
    NearMiss,
    Reading,
    ShopperFeatures,
    UnifiedContext,
)
from tools.records import Action, Outcome

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


def sources_of(final: FinalAnswer, evidence: Mapping[str, Evidence]) -> Sources:
    """Numbered as they were; `evidence` is today's, by id, and what is gone leaves its number empty."""
    readable = [value for value in features_of(final).values() if value.readable]
    sources = Sources(
        evidence={
            str(number): evidence[key] for number, key in enumerate(final.receipt.evidence, 1) if key in evidence
        },
        features={f"F{number}": value for number, value in enumerate(readable, 1)},
        items=_items(final),
        currency=final.receipt.currency,
    )
    return sources.and_done(_outcomes(final))


def prompt_of(
    final: FinalAnswer, reading: Reading, evidence: Mapping[str, Evidence], descriptions: Mapping[str, Description]
) -> Prompt:
    """The prompt as today's texts, template and phrases make it. Raises KeyError for evidence that is gone."""
    receipt = final.receipt
    ranked = [replace(evidence[key], score=score) for key, score in receipt.ranked]
    context = UnifiedContext(
        user_id="",
        features=features_of(final),
        evidence=tuple(item for item in ranked if item.id not in receipt.broken),
        plan=plan_told(final),
        timings_ms={},
        reading=reading,
        items=_items(final),
        nearest=tuple(NearMiss(item, receipt.broken[item.id]) for item in ranked if item.id in receipt.broken),
        notices=receipt.notices,
        currency=receipt.currency,
    )
    sources = Sources.of(context).and_done(_outcomes(final)[: receipt.actions_told])
    return build_prompt(context, sources, receipt.lang, descriptions, conversation=receipt.conversation)


def _outcomes(final: FinalAnswer) -> list[Outcome]:
    return [Outcome(Action(**action.model_dump())) for action in final.actions]


def features_of(final: FinalAnswer) -> dict[str, FeatureValue]:
    """By name, with the types JSON has no word for."""
    return {value.name: replace(value, value=_typed(value.value)) for value in final.features}


def plan_told(final: FinalAnswer) -> FilterPlan:
    filters = final.filters
    return FilterPlan(filters.honoured, filters.relaxed, filters.dropped)


def plans_of(final: FinalAnswer, reading: Reading, fields: Collection[str] | None) -> Iterator[FilterPlan]:
    """What the reading and the features lead to: the plan, and those with behavioural conditions given up in order.

    `fields` are those the catalogue states; a turn without an index asked it nothing.
    """
    fields = fields if final.receipt.index_generation is not None else None
    unreadable = any(item.reason == "unreadable" for item in final.filters.dropped)
    known: ShopperFeatures | None = None if unreadable else features_of(final)
    plan: FilterPlan | None = make_plan(reading, known, fields)
    while plan is not None:
        yield plan
        plan = relax(plan)


def _items(final: FinalAnswer) -> dict[str, ItemFacts]:
    return {
        product_id: ItemFacts(product_id, **facts.model_dump()) for product_id, facts in final.receipt.items.items()
    }


def _typed(value: Any) -> Any:
    """A time is written as text in JSON."""
    return datetime.fromisoformat(value) if isinstance(value, str) and _MOMENT.fullmatch(value) else value
