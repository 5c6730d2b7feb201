"""What requests to models came to, in tokens and in money: unknown where any of them is, which is never nothing."""

from __future__ import annotations

from collections.abc import Iterable

from graphs.models.prices import Cost, Prices
from graphs.models.watching import ModelRun

_OURS = "shelfwise"  # the composer, which has no tokens and costs nothing


def charged(runs: Iterable[ModelRun]) -> list[ModelRun]:
    """Of others' models, and without requests that failed before the first word of an answer."""
    return [run for run in runs if run.provider != _OURS and (run.first_ns is not None or run.error is None)]


def cost_of(runs: Iterable[ModelRun], prices: Prices) -> Cost | None:
    """None when one was not counted or has no price, neither as it calls itself nor as it was asked for."""
    costs = [_cost(run, prices) for run in charged(runs)]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return None
    return Cost(sum(cost.input for cost in known), sum(cost.output for cost in known))


def tokens_of(runs: Iterable[ModelRun]) -> int | None:
    """Of prompts and answers; None when one was not counted."""
    usages = [run.usage for run in charged(runs)]
    counted = [usage["total_tokens"] for usage in usages if usage is not None]
    return sum(counted) if len(counted) == len(usages) else None


def _cost(run: ModelRun, prices: Prices) -> Cost | None:
    usage = run.usage
    return None if usage is None else prices.cost(run.model, usage) or prices.cost(run.asked_for, usage)
