"""How long an answer took and what it cost."""

from __future__ import annotations

from app.evaluation.evaluators.result import Evaluator, Json, Result, not_applicable, said
from graphs.models.prices import Prices


def latency(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Milliseconds of the judged turn."""
    took = outputs.get("latency_ms")
    return not_applicable("latency_ms", "not measured") if took is None else said("latency_ms", took)


def cost(prices: Prices) -> Evaluator:
    """US dollars of the judged turn; not applicable when a model was used that has no price."""

    def spent(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
        usage = outputs.get("usage")
        if usage is None:
            return not_applicable("cost_usd", "tokens were not counted")
        costs = {model: prices.cost(model, counted) for model, counted in usage.items()}
        unpriced = sorted(model for model, each in costs.items() if each is None)
        if unpriced:
            return not_applicable("cost_usd", f"no price for {', '.join(unpriced)}")
        total = sum(each.total for each in costs.values() if each)
        return {"key": "cost_usd", "score": total, "comment": ""}

    return spent
