"""The keys evaluators score under, which a case may set a threshold for."""

from __future__ import annotations

# Told, and not required unless a case sets a threshold.
MEASURED = frozenset(
    {
        *("hit", "recall", "ndcg", "mrr"),
        *("citation_precision", "citation_recall"),
        *("latency_ms", "cost_usd"),
        "judged_helpfulness",
    }
)
# Required wherever they apply.
REQUIRED = frozenset(
    {
        *("constraint_satisfaction", "personal_constraints", "ordering", "shown_products", "told_facts"),
        *(f"personal_constraints_{source}" for source in ("query", "profile", "clarification", "policy")),
        *("unsupported_claim_rate", "cited_sources", "wrong_personalisation_rate", "used_features"),
        *(f"trajectory_{mode}" for mode in ("strict", "unordered", "subset", "superset")),
        *("refusal", "actions", "asking_back", "degradation"),
    }
)
KEYS = MEASURED | REQUIRED
LOWER_IS_BETTER = frozenset({"unsupported_claim_rate", "wrong_personalisation_rate", "latency_ms", "cost_usd"})


def is_good(key: str, score: float, threshold: float | None = None) -> bool:
    """By the threshold; without one, what is only measured cannot be bad, and of the rest only the best is good."""
    if threshold is None and key in MEASURED:
        return True
    if key in LOWER_IS_BETTER:
        return score <= (threshold or 0)
    return score >= (1 if threshold is None else threshold)
