"""What an evaluator is and what it says: LangSmith's shapes, as plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

from app.evaluation.experiments.record import Score

Json = dict[str, Any]


class Result(TypedDict):
    """`score` is None where the evaluator does not apply, which is no pass."""

    key: str
    score: float | None
    comment: str


Said = Result | list[Result]
# inputs, outputs, reference_outputs; the names of the parameters are LangSmith's.
Evaluator = Callable[[Json, Json, Json], Said]


def said(key: str, score: float | None, comment: str = "") -> Result:
    return Result(key=key, score=None if score is None else round(score, 4), comment=comment)


def not_applicable(key: str, why: str) -> Result:
    return said(key, None, why)


def share(key: str, kept: int, of: int, wrong: Iterable[str]) -> Result:
    """The share with what was wrong; nothing to judge is not applicable."""
    if not of:
        return not_applicable(key, "nothing to judge")
    return said(key, kept / of, "; ".join(wrong))


def as_scores(said_by_all: Iterable[Said]) -> tuple[Score, ...]:
    """What evaluators said, one after the other, for the record of an experiment."""
    results = (each for found in said_by_all for each in (found if isinstance(found, list) else [found]))
    return tuple(Score(key=each["key"], score=each["score"], comment=each["comment"]) for each in results)
