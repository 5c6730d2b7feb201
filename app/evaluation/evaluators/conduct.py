"""What was done, asked back and owned up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.evaluation.evaluators.result import Json, Result, not_applicable, said, share


def actions(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Share of what had to be done that was (`include`); anything `forbidden` that was proposed or done makes it 0.

    A `reason` is looked for in the receipt, which says why something was refused. An argument may be the card `nth` of
    an earlier `turn`, of which `outputs["shown_before"]` holds the product ids.
    """
    wanted = reference_outputs.get("actions")
    if not wanted:
        return not_applicable("actions", "nothing is said of actions")
    taken = outputs.get("actions") or []
    told = ", ".join(f"{each['tool']} {each['status']}" for each in taken) or "nothing done"
    forbidden = set(wanted.get("forbidden") or ())
    if any(each["tool"] in forbidden and each["status"] not in ("refused", "failed") for each in taken):
        return said("actions", 0, f"forbidden: {told}")
    include = wanted.get("include") or []
    if not include:
        return said("actions", float(bool(outputs.get("answer"))), told)
    told_of = [{**action, "reason": (action.get("receipt") or {}).get("reason")} for action in taken]
    before = outputs.get("shown_before") or []
    kept = sum(any(_holds(each, action, before) for action in told_of) for each in include)
    return share("actions", kept, len(include), [told] if kept < len(include) else [])


def asking_back(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Asked for that reason, or not asked at all where an answer was due (`false`)."""
    wanted = reference_outputs.get("asks_back")
    if wanted is None:
        return not_applicable("asking_back", "nothing is said of asking back")
    found = outputs.get("asks_back") or False
    return said("asking_back", float(found == wanted and bool(outputs.get("answer"))), f"asks back: {found}")


def degradation(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Exactly the parts that are out of order are said to be."""
    wanted = reference_outputs.get("degraded")
    if not wanted:
        return not_applicable("degradation", "nothing is out of order")
    found = sorted({each["part"] for each in outputs.get("degraded") or ()})
    return said("degradation", float(found == sorted(wanted)), f"told: {', '.join(found) or 'nothing'}")


def _holds(wanted: Any, found: Any, before: Sequence[Sequence[str]]) -> bool:
    """Of an object what is named of it."""
    if isinstance(wanted, Mapping) and wanted.keys() == {"turn", "nth"}:
        cards = before[wanted["turn"] - 1] if wanted["turn"] <= len(before) else ()
        return wanted["nth"] <= len(cards) and bool(cards[wanted["nth"] - 1] == found)
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            _holds(value, found.get(name), before) for name, value in wanted.items()
        )
    return bool(wanted == found)
