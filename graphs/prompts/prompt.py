"""The prompt: the shopper's facts, the evidence and the rules, rendered from one template."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from graphs.answer import Claim
from graphs.prompts.money import money, number
from graphs.prompts.phrases import Description, Phrases
from graphs.sources import Sources
from graphs.turn import Lang
from retrievers.catalogue import DocumentType
from retrievers.ranking.forecast import PURCHASED
from retrievers.records import Evidence, FeatureValue, FilterItem, ItemFacts, UnifiedContext
from tools.records import Action, Outcome
from tools.toolbox import told

_SENSITIVITY = "user_behavior:price_sensitivity_score"
_VALUE_ABOVE = 0.7  # a shopper above this price sensitivity is told about value, else about quality
_TEXT_LIMIT = 1_500  # characters of one passage shown to the model


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


@dataclass(frozen=True, slots=True)
class _Passage:
    marker: str
    title: str
    type: str
    source: str
    relevance: str
    live: str
    breaks: str  # the limits a near miss does not keep; empty for everything else
    text: str


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


def tool_results(before: Sources, after: Sources, outcomes: Sequence[Outcome], lang: Lang) -> list[str]:
    """What each call did and found, as a model reads it: the action by its marker, new passages fenced."""
    phrases = Phrases.load(lang)
    fence = "found-" + hashlib.sha256("".join(map(told, outcomes)).encode()).hexdigest()[:16]
    markers = [marker for marker in after.actions if marker not in before.actions]
    texts = []
    for marker, outcome in zip(markers, outcomes, strict=True):
        lines = [f"[{marker}] {told(outcome)}"]
        for item in outcome.evidence:
            place = after.evidence_marker(item.id)
            if place is not None:
                passage = _passage(place, item, phrases, after, fence, {})
                head = f"[{place}] {passage.title} ({passage.type}) {passage.live}"
                lines += [head, f"<<<{fence}", passage.text, f"{fence}>>>"]
        texts.append("\n".join(lines))
    return texts


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
        evidence=[_passage(marker, item, phrases, sources, fence, broken) for marker, item in sources.evidence.items()],
        fence=fence,
        conversation=conversation.replace(fence, ""),
        done=[f"[{marker}] {_done(action)}" for marker, action in sources.actions.items()],
        failures=[_one_line(claim.text) for claim in failures],
        question=context.reading.question if context.reading else "",
    )


def _done(action: Action) -> str:
    return _one_line(f"{action.tool}: {told(Outcome(action))}")


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
    return _Fact(marker, name, _one_line(value).replace("|", "/"), age)


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
    reason = f": {_one_line(item.reason)}" if item.reason else ""
    return f"{phrases.text('prompt', outcome)}: {phrases.limit(item, currency)} ({origin}{reason})"


def _passage(
    marker: str, item: Evidence, phrases: Phrases, sources: Sources, fence: str, broken: Mapping[str, Sequence[str]]
) -> _Passage:
    return _Passage(
        marker=marker,
        title=_one_line(item.title),
        type=item.type.value,
        source=_one_line(item.source),
        relevance=number(item.score),
        live=_live(item, phrases, sources),
        breaks=", ".join(broken.get(item.id, ())),
        text=_shortened(item.text).replace(fence, ""),
    )


def _live(item: Evidence, phrases: Phrases, sources: Sources) -> str:
    """Price, stock and rating of a product as the feature store has them now; empty for documents."""
    if item.type != DocumentType.PRODUCT:
        return ""
    facts = sources.items.get(str(item.metadata.get("product_id"))) or ItemFacts("")
    parts = [phrases.say("price_to_confirm") if facts.price is None else money(facts.price, sources.currency)]
    if facts.stock is not None:
        parts.append(phrases.text("limits", "in_stock") if facts.stock else phrases.say("sold_out"))
    if facts.rating is not None:
        parts.append(phrases.say("rating", rating=number(facts.rating)))
    return ", ".join(parts)


def _shortened(text: str) -> str:
    if len(text) <= _TEXT_LIMIT:
        return text.strip()
    return text[:_TEXT_LIMIT].rsplit(maxsplit=1)[0] + " …"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


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
