"""Evidence and actions as a model reads them: numbered, fenced, with live facts beside what a text says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphs.prompts.money import money, number
from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from graphs.turn import Lang
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, ItemFacts
from tools.records import Action, Outcome
from tools.toolbox import told

_TEXT_LIMIT = 1_500  # characters of one passage shown to the model


@dataclass(frozen=True, slots=True)
class Passage:
    marker: str
    title: str
    type: str
    source: str
    relevance: str
    live: str
    breaks: str  # the limits a near miss does not keep; empty for everything else
    text: str


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
                shown = passage(place, item, phrases, after, fence, {})
                head = f"[{place}] {shown.title} ({shown.type}) {shown.live}"
                lines += [head, f"<<<{fence}", shown.text, f"{fence}>>>"]
        texts.append("\n".join(lines))
    return texts


def action_line(action: Action) -> str:
    """One action on one line, as JSON."""
    return one_line(f"{action.tool}: {told(Outcome(action))}")


def passage(
    marker: str, item: Evidence, phrases: Phrases, sources: Sources, fence: str, broken: Mapping[str, Sequence[str]]
) -> Passage:
    return Passage(
        marker=marker,
        title=one_line(item.title),
        type=item.type.value,
        source=one_line(item.source),
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


def one_line(text: str) -> str:
    """Nothing in a title or a value can begin a line of the prompt."""
    return re.sub(r"\s+", " ", text).strip()
