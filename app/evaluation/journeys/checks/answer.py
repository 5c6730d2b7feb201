"""What the answer says of itself in fields: limits, sources, outages, what was done, what it refused and rested on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.evaluation.journeys.expectation import (
    ExpectedAction,
    ExpectedActions,
    ExpectedCitations,
    ExpectedDegradation,
    ExpectedFeatures,
    ExpectedFilter,
    ExpectedFilters,
    ExpectedGuard,
)
from app.evaluation.journeys.figures import holds, is_number
from app.evaluation.journeys.seen import Miss, Seen
from graphs.answer import Action, Citation, FinalAnswer
from retrievers.records import FilterItem

_SELF = {"F": "feature", "A": "action"}  # sources that are no passages, by the letter of their markers


def filters_missed(expected: ExpectedFilters, seen: Seen) -> Iterator[Miss]:
    filters = seen.final.filters
    for name in ("honoured", "relaxed", "dropped"):
        held: tuple[FilterItem, ...] = getattr(filters, name)
        for each in getattr(expected, name) or ():
            if not any(_is_filter(each, item, seen) for item in held):
                yield Miss(f"filters.{name}", _plain(each), [_told(item) for item in held])
    for each in expected.unheld or ():
        if found := [item for item in filters.honoured if _is_filter(each, item, seen)]:
            yield Miss("filters.unheld", _plain(each), [_told(item) for item in found])


def citations_missed(expected: ExpectedCitations, seen: Seen) -> Iterator[Miss]:
    cited = seen.final.citations
    told = [f"{_kind(citation)} {citation.source}".strip() for citation in cited]
    if expected.min is not None and len(cited) < expected.min:
        yield Miss("citations.min", expected.min, told)
    if expected.kinds is not None and not set(expected.kinds) <= {_kind(citation) for citation in cited}:
        yield Miss("citations.kinds", expected.kinds, told)
    if expected.sources is not None and not set(expected.sources) <= {citation.source for citation in cited}:
        yield Miss("citations.sources", expected.sources, told)
    if expected.supported and not _supported(seen.final):
        yield Miss("citations.supported", True, [[claim.verdict, claim.text] for claim in seen.final.claims])


def degraded_missed(expected: Sequence[ExpectedDegradation], seen: Seen) -> Iterator[Miss]:
    told = [f"{each.part} {each.kind}" for each in seen.final.degraded]
    if not expected and told:
        yield Miss("degraded", [], told)
    for one in expected:
        if not any(one.part in (None, each.part) and one.kind in (None, each.kind) for each in seen.final.degraded):
            yield Miss("degraded", _plain(one), told)


def actions_missed(expected: ExpectedActions, seen: Seen) -> Iterator[Miss]:
    actions = seen.final.actions
    told = [{"tool": a.tool, "status": a.status, "arguments": a.arguments, "receipt": a.receipt} for a in actions]
    if expected.count is not None and not is_number(expected.count, len(actions)):
        yield Miss("actions.count", _plain(expected.count), told)
    for one in expected.include or ():
        if not any(_is_action(one, action, seen) for action in actions):
            yield Miss("actions.include", _plain(one), told)
    for one in expected.exclude or ():
        if any(_is_action(one, action, seen) for action in actions):
            yield Miss("actions.exclude", _plain(one), told)


def guard_missed(expected: ExpectedGuard, seen: Seen) -> Iterator[Miss]:
    guard = seen.final.guard
    if expected.action is not None and guard.action != expected.action:
        yield Miss("guard.action", expected.action, guard.action)
    if expected.reasons is not None and not set(expected.reasons) <= set(guard.reasons):
        yield Miss("guard.reasons", expected.reasons, list(guard.reasons))


def features_missed(expected: ExpectedFeatures, seen: Seen) -> Iterator[Miss]:
    held = {value.name: value for value in seen.final.features}
    used = {name for name, value in held.items() if value.used}
    if expected.used is not None and not set(expected.used) <= used:
        yield Miss("features.used", expected.used, sorted(used))
    if expected.unused is not None and (not held or set(expected.unused) & used):
        yield Miss("features.unused", expected.unused, sorted(used))
    for name, status in (expected.status or {}).items():
        found = held[name].status if name in held else None
        if found != status:
            yield Miss(f"features.status.{name}", status, found)


def _is_filter(expected: ExpectedFilter, item: FilterItem, seen: Seen) -> bool:
    """A value among several, such as one brand of two, has to be said as a list."""
    found: Any = list(item.value) if isinstance(item.value, tuple) else item.value
    wanted: Any = expected.value
    if isinstance(wanted, str) and isinstance(found, list) and len(found) == 1:
        found = found[0]
    return (
        item.field == expected.field
        and expected.op in (None, item.op)
        and expected.origin in (None, item.origin)
        and (wanted is None or holds(_folded(wanted), _folded(found), seen))
    )


def _folded(value: Any) -> Any:
    if isinstance(value, list):
        return [_folded(each) for each in value]
    return value.casefold() if isinstance(value, str) else value


def _is_action(expected: ExpectedAction, action: Action, seen: Seen) -> bool:
    receipt = action.receipt or {}
    return (
        expected.tool in (None, action.tool)
        and expected.status in (None, action.status)
        and expected.reason in (None, receipt.get("reason"))
        and (expected.arguments is None or holds(expected.arguments, action.arguments, seen))
        and (expected.receipt is None or holds(expected.receipt, receipt, seen))
    )


def _supported(final: FinalAnswer) -> bool:
    verdicts = [claim.verdict for claim in final.claims if claim.verdict != "not_a_claim"]
    return bool(verdicts) and set(verdicts) == {"supported"}


def _kind(citation: Citation) -> str:
    return _SELF.get(citation.marker[:1]) or citation.id.partition("/")[0]


def _told(item: FilterItem) -> str:
    return f"{item.origin} {item.field} {item.op} {item.value}"


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_unset=True) if hasattr(value, "model_dump") else value
