"""The prompt: the shopper's facts, the evidence and the rules, rendered from one template."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from graphs.answer import Claim
from graphs.prompts.passages import action_line, one_line, passage
from graphs.prompts.phrases import Description, Phrases
from graphs.sources import Sources
from graphs.turn import Lang
from retrievers.ranking.forecast import PURCHASED
from retrievers.records import FeatureValue, FilterItem, UnifiedContext

_SENSITIVITY = "user_behavior:price_sensitivity_score"
_VALUE_ABOVE = 0.7  # a shopper above this price sensitivity is told about value, else about quality


@dataclass(frozen=True, slots=True)
class Prompt:
    """`sha256` is of the rendered messages; `template_sha256` of the template and the language file behind them."""

    messages: list[BaseMessage]
    sha256: str
    system: str
    template_sha256: str
    evidence: frozenset[str]  # ids of the passages in it
    actions: int  # how many of the turn's actions it tells of
    conversation: str


@dataclass(frozen=True, slots=True)
class _Fact:
    marker: str
    name: str
    value: str
    age: str


def build_prompt(
    context: UnifiedContext,
    sources: Sources,
    lang: Lang,
    descriptions: Mapping[str, Description],
    failures: Sequence[Claim] = (),
    conversation: str = "",
) -> Prompt:
    """`descriptions` is keyed `view:feature`; `failures` are the last draft's rejected sentences, when regenerating.

    `conversation` is what was said before, as it is remembered.
    """
    phrases = Phrases.load(lang)
    mark = f"prompt-{_digest(context)}"  # the output rail looks for it and for the fences: who shows one quotes this
    system = "\n".join((phrases.text("prompt", "system").strip(), phrases.text("prompt", "mark", mark=mark)))
    human = _render(context, sources, phrases, descriptions, failures, conversation)
    return Prompt(
        messages=[SystemMessage(system), HumanMessage(human)],
        sha256=hashlib.sha256(f"{system}\0{human}".encode()).hexdigest(),
        system=system,
        template_sha256=template_sha256(lang),
        evidence=frozenset(item.id for item in sources.evidence.values()),
        actions=len(sources.actions),
        conversation=conversation,
    )


def template_sha256(lang: Lang) -> str:
    """Of the template and the phrases every prompt in this language is made from."""
    return hashlib.sha256(_template_source().encode() + Phrases.load(lang).sha256.encode()).hexdigest()


def _render(
    context: UnifiedContext,
    sources: Sources,
    phrases: Phrases,
    descriptions: Mapping[str, Description],
    failures: Sequence[Claim],
    conversation: str,
) -> str:
    fence = f"evidence-{_digest(context)}"
    broken = {m.evidence.id: [phrases.limit(item, context.currency) for item in m.broken] for m in context.nearest}
    return _template().render(
        t=phrases.table["prompt"],
        facts=[_fact(marker, value, phrases, descriptions, sources) for marker, value in sources.features.items()],
        emphasis=phrases.text("prompt", _emphasis(context)),
        plan=_plan(context, phrases),
        notices=[phrases.notice(key) for key in context.notices],
        evidence=[passage(marker, item, phrases, sources, fence, broken) for marker, item in sources.evidence.items()],
        fence=fence,
        conversation=conversation.replace(fence, ""),
        done=[f"[{marker}] {action_line(action)}" for marker, action in sources.actions.items()],
        failures=[one_line(claim.text) for claim in failures],
        question=context.reading.question if context.reading else "",
    )


def _digest(context: UnifiedContext) -> str:
    """What nobody who writes one piece of evidence can foresee: it hangs on the question and all the others."""
    digest = hashlib.sha256((context.reading.question if context.reading else "").encode())
    for item in (*context.evidence, *(miss.evidence for miss in context.nearest)):
        digest.update(item.text.encode())
    return digest.hexdigest()[:16]


def _fact(
    marker: str,
    feature: FeatureValue,
    phrases: Phrases,
    descriptions: Mapping[str, Description],
    sources: Sources,
) -> _Fact:
    description = descriptions.get(feature.name)
    value = phrases.value(_titled(feature, sources), description.unit if description else "", sources.currency)
    if feature.status == "default":
        value = phrases.text("prompt", "default_value", value=value)
    age = phrases.text("prompt", "age_unknown") if feature.age_s is None else phrases.age(feature.age_s)
    name = description.names[phrases.lang] if description else feature.name
    return _Fact(marker, name, one_line(value).replace("|", "/"), age)


def _titled(feature: FeatureValue, sources: Sources) -> FeatureValue:
    """With products called what the evidence calls them, those first: an identifier tells a model nothing."""
    if feature.name != PURCHASED:
        return feature
    titles = {str(item.metadata.get("product_id")): item.title for item in sources.evidence.values()}
    ordered = sorted(feature.value.items(), key=lambda row: (row[0] not in titles, -row[1]))
    return replace(feature, value={titles.get(name, name): times for name, times in ordered})


def _emphasis(context: UnifiedContext) -> str:
    feature = context.features.get(_SENSITIVITY)
    sensitive = feature is not None and feature.readable and float(feature.value) > _VALUE_ABOVE
    return "emphasis_value" if sensitive else "emphasis_quality"


def _plan(context: UnifiedContext, phrases: Phrases) -> list[str]:
    outcomes = {
        "honoured": context.plan.honoured,
        "relaxed": context.plan.relaxed,
        "dropped": context.plan.dropped,
    }
    return [_condition(outcome, item, phrases, context.currency) for outcome in outcomes for item in outcomes[outcome]]


def _condition(outcome: str, item: FilterItem, phrases: Phrases, currency: str) -> str:
    origin = phrases.text("limits", item.origin)
    reason = f": {one_line(item.reason)}" if item.reason else ""
    return f"{phrases.text('prompt', outcome)}: {phrases.limit(item, currency)} ({origin}{reason})"


@cache
def _template_source() -> str:
    return files("graphs.prompts").joinpath("prompt.j2").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=select_autoescape(default_for_string=False),  # plain text for a model, not a page
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(_template_source())
