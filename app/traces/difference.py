"""What differs between two turns that were written down, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any, Literal

from app.traces.stored_turn import Row, StoredTurn
from graphs.verification.markers import without_markers
from graphs.verification.sentences import split


@dataclass(frozen=True, slots=True)
class Change:
    """`before` or `after` is None for what only the other turn has."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    kind: Literal["kept", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds, of the whole turn and of each node; None for one that did not run."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """From the turn `before` to the turn `after`, by their trace ids. What is the same in both is left out.

    `answer` alone is whole, sentence by sentence, unless nothing of it changed. Sentences are compared without their
    markers, whose numbers tell nothing by themselves. Products are named with their places, counted from 1.
    """

    before: str
    after: str
    asked: tuple[Change, ...] = ()
    answer: tuple[Sentence, ...] = ()
    products: tuple[Change, ...] = ()
    filters: tuple[Change, ...] = ()
    features: tuple[Change, ...] = ()
    evidence: tuple[Change, ...] = ()
    claims: tuple[Change, ...] = ()
    degraded: tuple[Change, ...] = ()
    actions: tuple[Change, ...] = ()
    made: tuple[Change, ...] = ()  # with what: guard, model, prompt, index, tokens
    timings: tuple[Timing, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both are the same but for the time they took."""
        return not any(getattr(self, part.name) for part in fields(self) if part.name not in _ALWAYS)


_GOOD = {"supported", "not_a_claim"}
_ALWAYS = ("before", "after", "timings")


def difference(before: StoredTurn, after: StoredTurn) -> Difference:
    return Difference(
        before.trace_id,
        after.trace_id,
        asked=_changes(_asked, before, after),
        answer=_answer(before, after),
        products=_changes(_products, before, after),
        filters=_changes(_filters, before, after),
        features=_changes(_features, before, after),
        evidence=_changes(_evidence, before, after),
        claims=tuple(change for change in _changes(_claims, before, after) if _is_news(change)),
        degraded=_changes(_degraded, before, after),
        actions=_changes(_actions, before, after),
        made=_changes(_made, before, after),
        timings=_timings(before, after),
    )


def _changes(
    told: Callable[[StoredTurn], Mapping[str, str]], before: StoredTurn, after: StoredTurn
) -> tuple[Change, ...]:
    """In the order of the turn before; what is new comes last."""
    left, right = told(before), told(after)
    names = dict.fromkeys((*left, *right))
    return tuple(Change(name, left.get(name), right.get(name)) for name in names if left.get(name) != right.get(name))


def _asked(turn: StoredTurn) -> dict[str, str]:
    said = {"message": turn.message, "understood as": turn.question, "shopper": turn.user_id, "language": turn.lang}
    return {name: value for name, value in said.items() if value}


def _answer(before: StoredTurn, after: StoredTurn) -> tuple[Sentence, ...]:
    left, right = _sentences(before), _sentences(after)
    if left == right:
        return ()
    found = list[Sentence]()
    for kind, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Sentence(text, "kept") for text in left[i:j]]
        else:
            found += [Sentence(text, "gone") for text in left[i:j]] + [Sentence(text, "new") for text in right[k:m]]
    return tuple(found)


def _sentences(turn: StoredTurn) -> list[str]:
    return [without_markers(sentence.text) for sentence in split(turn.answer or "")]


def _products(turn: StoredTurn) -> dict[str, str]:
    return _named(turn.products, "title", lambda place, card: f"{place}.{_price(card)}{_why(card)}")


def _price(card: Row) -> str:
    price = card.get("price")
    if price is None:
        return " price to be confirmed"
    told = f"{price:.2f}" if isinstance(price, int | float) else price
    return f" {told} {card.get('currency') or ''}".rstrip()


def _why(card: Row) -> str:
    why = card.get("why")
    return f" ({'; '.join(map(str, why))})" if isinstance(why, list) and why else ""


def _filters(turn: StoredTurn) -> dict[str, str]:
    return _named(turn.filters, _limit, lambda _, item: _with(str(item["kept"]), item.get("reason")))


def _limit(item: Row) -> str:
    value = item.get("value")
    told = ", ".join(map(str, value)) if isinstance(value, list) else value
    return f"{item.get('field')} {item.get('op')} {told} ({item.get('origin')})"


def _features(turn: StoredTurn) -> dict[str, str]:
    def told(_: int, feature: Row) -> str:
        used = ", used" if feature.get("name") in turn.used_features else ""
        value = feature.get("value")
        return f"{_shown(value)} ({feature.get('status')}{used})"

    return _named(turn.features, "name", told)


def _shown(value: Any) -> str:
    """As the page of a trace shows it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {each}" for name, each in value.items()) or "nothing"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or "nothing"
    return "nothing" if value is None else str(value)


def _evidence(turn: StoredTurn) -> dict[str, str]:
    """Two decimals: scores differ beyond them from one run to the next."""
    return _named(turn.evidence, "title", lambda place, item: f"{place}. {_rounded(item.get('score'))}")


def _claims(turn: StoredTurn) -> dict[str, str]:
    return _named(turn.claims, lambda claim: without_markers(str(claim.get("text"))), lambda _, claim: _verdict(claim))


def _is_news(change: Change) -> bool:
    """A sentence only one of them has, and that nothing is wrong with, is told by the answer."""
    return None not in (change.before, change.after) or not {change.before, change.after} & _GOOD


def _verdict(claim: Row) -> str:
    failed = [str(each.get("name")) for each in claim.get("checks") or () if not each.get("passed")]
    return _with(str(claim.get("verdict")), f"fails {', '.join(failed)}" if failed else None)


def _degraded(turn: StoredTurn) -> dict[str, str]:
    return _named(turn.degraded, "part", lambda _, item: _with(str(item.get("kind")), item.get("detail")))


def _actions(turn: StoredTurn) -> dict[str, str]:
    return _named(turn.actions, "tool", lambda _, action: f"{action.get('status')} {action.get('arguments') or ''}")


def _made(turn: StoredTurn) -> dict[str, str]:
    reasons = turn.guard.get("reasons")
    guard = _with(str(turn.guard.get("action") or ""), ", ".join(map(str, reasons)) if reasons else None)
    told = {
        "guard": guard,
        "model": turn.model,
        "prompt": turn.prompt_sha256[:12],
        "index": turn.index_generation,
        "tokens": "" if turn.tokens is None else str(turn.tokens),
        "error": turn.error or "",
    }
    return {name: value for name, value in told.items() if value}


def _timings(before: StoredTurn, after: StoredTurn) -> tuple[Timing, ...]:
    names = dict.fromkeys((*before.nodes_ms, *after.nodes_ms))
    nodes = (Timing(name, before.nodes_ms.get(name), after.nodes_ms.get(name)) for name in names)
    return (Timing("turn", before.took_ms, after.took_ms), *nodes)


def _named(rows: Iterable[Row], name: str | Callable[[Row], str], told: Callable[[int, Row], str]) -> dict[str, str]:
    """By name; the second of a name is told as `name (2)`."""
    found, seen = dict[str, str](), Counter[str]()
    for place, row in enumerate(rows, 1):
        own = str(row.get(name)) if isinstance(name, str) else name(row)
        seen[own] += 1
        found[f"{own} ({seen[own]})" if seen[own] > 1 else own] = told(place, row)
    return found


def _rounded(score: Any) -> str:
    return f"{score:.2f}" if isinstance(score, int | float) else str(score)


def _with(word: str, more: Any) -> str:
    return f"{word}: {more}" if more else word


PARTS: Sequence[tuple[str, str]] = (
    ("asked", "What was asked"),
    ("products", "Products"),
    ("filters", "Filters"),
    ("features", "Features"),
    ("evidence", "Evidence"),
    ("claims", "Claims"),
    ("degraded", "Degraded"),
    ("actions", "Actions"),
    ("made", "Made with"),
)  # those made of changes, with their headings
