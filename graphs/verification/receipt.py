"""A stored answer checked again: what it rested on, and whether it still rests on it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from graphs.answer import FinalAnswer, LiveFacts, ProductCard
from graphs.prompts.phrases import Description
from graphs.verification.examine import examine
from graphs.verification.rebuilt import plan_told, plans_of, prompt_of, sources_of
from graphs.verification.verify import MAY_STAND
from retrievers.records import Evidence, FeatureValue, FilterItem, FilterPlan

Subject = Literal["answer", "evidence", "feature", "plan", "prompt", "claim"]


@dataclass(frozen=True, slots=True)
class Change:
    """`name` is the evidence's id, the feature's name, the field of a condition, or the sentence."""

    subject: Subject
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Now:
    """What the store says today; `features` is None when nobody said whose they are."""

    evidence: Mapping[str, Evidence]  # by id, as the document rail lets it through; what is gone is missing
    features: Mapping[str, FeatureValue] | None
    template_sha256: str
    descriptions: Mapping[str, Description]
    fields: Collection[str] | None  # what the catalogue's products state


def recheck(final: FinalAnswer, now: Now) -> tuple[Change, ...]:
    """Everything that differs; empty for an answer that would be given, and proved, the same way again."""
    return (
        *_answer(final),
        *_evidence(final, now),
        *_features(final, now),
        *_limits(final),
        *_plan(final, now),
        *_prompt(final, now),
        *_claims(final, now),
    )


def _answer(final: FinalAnswer) -> Iterator[Change]:
    """The parts of the stored object must agree with one another, else it is not the answer that was given."""
    for claim in final.claims:
        if final.answer[claim.start : claim.end] != claim.text:
            yield Change("answer", claim.text, "does not stand where the claim says")
    readable = {value.name: (value.value, value.event_time) for value in final.features if value.readable}
    for name, held in final.receipt.features.items():
        if name not in readable or _plain(readable[name][0]) != _plain(held[0]):
            yield Change("answer", name, "differs between the receipt and the features it lists")
    actions = {f"A{number}" for number, _ in enumerate(final.actions, 1)}
    known = final.receipt.evidence.keys() | final.receipt.features.keys() | actions
    for citation in final.citations:
        if citation.id not in known:
            yield Change("answer", citation.id, "is cited and not in the receipt")


def _evidence(final: FinalAnswer, now: Now) -> Iterator[Change]:
    for evidence_id, digest in final.receipt.evidence.items():
        item = now.evidence.get(evidence_id)
        if item is None:
            yield Change("evidence", evidence_id, "is no longer in the index")
        elif hashlib.sha256(item.text.encode()).hexdigest() != digest:
            yield Change("evidence", evidence_id, "has another text now")
    for citation in final.citations:
        item = now.evidence.get(citation.id)
        if item is not None and item.text[citation.start : citation.end] != citation.quote:
            yield Change("evidence", citation.id, f"no longer says “{citation.quote[:60]}” there")


def _features(final: FinalAnswer, now: Now) -> Iterator[Change]:
    if now.features is None:
        return
    for name, (value, _) in final.receipt.features.items():
        today = now.features.get(name)
        if today is None or not today.readable:
            yield Change("feature", name, f"was {value}, is not known now")
        elif _plain(today.value) != _plain(value):
            yield Change("feature", name, f"was {value}, is {today.value}")


def _limits(final: FinalAnswer) -> Iterator[Change]:
    """The products shown keep the limits on price and stock, and each condition has the value of its feature."""
    for item in final.filters.honoured:
        held = final.receipt.features.get(item.feature or "")
        if (
            held is not None
            and item.origin == "declared"
            and isinstance(item.value, (int, float))
            and held[0] != item.value
        ):
            yield Change("plan", item.field, f"{item.value} is not the {held[0]} of {item.feature}")
        for card in final.products:
            if _breaks(card, item, final.receipt.items.get(card.product_id)):
                yield Change("plan", item.field, f"{card.title} does not keep {item.field} {item.op} {item.value}")


def _breaks(card: ProductCard, item: FilterItem, live: LiveFacts | None) -> bool:
    values = {"price": card.price, "rating": card.rating, "stock": live.stock if live else None}
    value = values.get(item.field)
    if value is None or not isinstance(item.value, (int, float)):
        return False
    return value > item.value if item.op == "lte" else value < item.value if item.op == "gte" else False


def _plan(final: FinalAnswer, now: Now) -> Iterator[Change]:
    """Made again from the reading and the features; what differs from the nearest plan they lead to is named.

    A turn that only did something searched for nothing and had no plan.
    """
    if final.receipt.reading is None or final.receipt.reading.intent == "action":
        return
    told = _conditions(plan_told(final))
    again = min(
        (_conditions(plan) for plan in plans_of(final, final.receipt.reading, now.fields)),
        key=lambda conditions: len(conditions ^ told),
    )
    for outcome, item in sorted(told ^ again, key=str):
        follows = (
            "follows from the request and the features and is missing"
            if (outcome, item) in again
            else "does not follow from the request and the features"
        )
        yield Change("plan", item.field, f"{outcome} {item.field} {item.op} {item.value} {follows}")


def _conditions(plan: FilterPlan) -> frozenset[tuple[str, FilterItem]]:
    outcomes = {"honoured": plan.honoured, "relaxed": plan.relaxed, "dropped": plan.dropped}
    return frozenset((outcome, item) for outcome, items in outcomes.items() for item in items)


def prompt_can_be_made(final: FinalAnswer) -> bool:
    """Not for a refused request, which has none."""
    return final.receipt.reading is not None


def _prompt(final: FinalAnswer, now: Now) -> Iterator[Change]:
    """Rendered again and compared. Where the template is another one, that is all there is to say."""
    receipt = final.receipt
    if receipt.template_sha256 not in (None, now.template_sha256):
        yield Change("prompt", receipt.prompt_sha256, "was made from another template or other phrases")
    elif receipt.reading is not None and prompt_can_be_made(final):
        gone = [key for key, _ in receipt.ranked if key not in now.evidence]
        if gone:
            yield Change("prompt", receipt.prompt_sha256, f"cannot be made again without {', '.join(gone)}")
        elif prompt_of(final, receipt.reading, now.evidence, now.descriptions).sha256 != receipt.prompt_sha256:
            yield Change("prompt", receipt.prompt_sha256, "reads otherwise when it is made again")


def _claims(final: FinalAnswer, now: Now) -> Iterator[Change]:
    """Each claim against today's texts and the live facts and features of then."""
    sources = sources_of(final, now.evidence)
    for claim in final.claims:
        again = examine(claim.text, sources, final.receipt.lang)
        if again.verdict != claim.verdict and again.verdict not in MAY_STAND:
            yield Change("claim", claim.text, again.checks[-1].detail)


def _plain(value: Any) -> Any:
    """A value as JSON would keep it: stores give tuples, sets and dates where a file has lists and texts."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
