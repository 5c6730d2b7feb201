"""Evaluators with LangSmith's signature, `(inputs, outputs, reference_outputs)`, that say one result or several.

`outputs` is the final answer as JSON (`graphs/answer.schema.json`) and what a run adds to it: `trajectory`,
`latency_ms`, `usage` by model and `shown_before`. `reference_outputs` is described by the dataset's cases.
"""

from app.evaluation.evaluators.citations import citation_quality, cited_sources, unsupported_claims
from app.evaluation.evaluators.conduct import actions, asking_back, degradation
from app.evaluation.evaluators.constraints import SOURCES, constraint_satisfaction, ordering, personal_constraints
from app.evaluation.evaluators.facts import told_facts
from app.evaluation.evaluators.judge import JUDGED, Rubric, model_judge
from app.evaluation.evaluators.keys import KEYS, LOWER_IS_BETTER, MEASURED, is_good
from app.evaluation.evaluators.personalisation import used_features, wrong_personalisation
from app.evaluation.evaluators.records import Records, read_records
from app.evaluation.evaluators.refusal import refusal
from app.evaluation.evaluators.result import Evaluator, Result, as_scores
from app.evaluation.evaluators.shown import retrieval, shown_products
from app.evaluation.evaluators.spent import cost, latency
from app.evaluation.evaluators.trajectory import trajectory_match
from graphs.models.prices import Prices


def evaluators(records: Records, prices: Prices) -> tuple[Evaluator, ...]:
    """All that need no model."""
    return (
        constraint_satisfaction(records),
        personal_constraints(records),
        ordering(records),
        shown_products,
        retrieval,
        told_facts(records),
        citation_quality,
        unsupported_claims,
        cited_sources,
        wrong_personalisation,
        used_features,
        trajectory_match,
        refusal,
        actions,
        asking_back,
        degradation,
        latency,
        cost(prices),
    )


__all__ = [
    "JUDGED",
    "KEYS",
    "LOWER_IS_BETTER",
    "MEASURED",
    "SOURCES",
    "Evaluator",
    "Records",
    "Result",
    "Rubric",
    "as_scores",
    "evaluators",
    "is_good",
    "model_judge",
    "read_records",
]
