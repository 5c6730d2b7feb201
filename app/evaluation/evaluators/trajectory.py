"""Whether a run took the way it should, over the nodes and tools it began."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.evaluation.evaluators.result import Json, Result, not_applicable, said

MODES = ("strict", "unordered", "subset", "superset")


def trajectory_match(inputs: Json, outputs: Json, reference_outputs: Json) -> list[Result]:
    """One result for each mode the reference names steps for; `outputs["trajectory"]` are names in order of start.

    strict: the same steps in the same order; unordered: the same as often; subset: nothing but these, however few;
    superset: at least these. Steps in a list of their own run beside one another: strict lets them begin in any order.
    """
    wanted, taken = reference_outputs.get("trajectory") or {}, outputs.get("trajectory")
    if taken is None:
        return [not_applicable(f"trajectory_{mode}", "the way it took is not known") for mode in MODES]
    return [_matched(mode, wanted.get(mode), taken) for mode in MODES]


def _matched(mode: str, steps: Sequence[Any] | None, taken: Sequence[str]) -> Result:
    key = f"trajectory_{mode}"
    if not steps:
        return not_applicable(key, "no steps are asked for")
    found, asked = Counter(taken), Counter(_flat(steps))
    right = {
        "strict": lambda: _in_order(steps, taken),
        "unordered": lambda: found == asked,
        "subset": lambda: bool(taken) and found <= asked,
        "superset": lambda: found >= asked,
    }[mode]()
    return said(key, float(right), "" if right else f"took {', '.join(taken) or 'no step'}")


def _in_order(steps: Sequence[Any], taken: Sequence[str]) -> bool:
    place = 0
    for step in steps:
        beside = [step] if isinstance(step, str) else list(step)
        if sorted(taken[place : place + len(beside)]) != sorted(beside):
            return False
        place += len(beside)
    return place == len(taken)


def _flat(steps: Sequence[Any]) -> list[str]:
    return [name for step in steps for name in ([step] if isinstance(step, str) else step)]
