"""How good rankings are, by human judgments; the measures are ir-measures'."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
from ir_measures import RR, Judged, Qrel, R, ScoredDoc, nDCG

from app.evaluation.rows import EvaluationError, read_text

Ranker = Callable[[str], Sequence[str]]  # product ids for a query, best first
Grades = Mapping[str, Mapping[str, int]]  # query -> product id -> grade, 0 for irrelevant

_COLUMNS = ("query", "product_id", "grade")
_MOST = 10  # no grade is higher; a file that says 95 has percentages in it


def read_judgments(path: Path) -> Grades:
    """CSV with the columns query, product_id and grade (a whole number), plain or .gz. Raises EvaluationError."""
    grades: dict[str, dict[str, int]] = {}
    reader = csv.DictReader(io.StringIO(read_text(path)))
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise EvaluationError(f"{path} has no column {missing[0]!r}; judgments are CSV with {', '.join(_COLUMNS)}")
    for row in reader:
        query, product, grade = ((row[name] or "").strip() for name in _COLUMNS)
        if not query or not product:
            raise EvaluationError(f"{path}, line {reader.line_num}: the query or the product_id is empty")
        grades.setdefault(query, {})[product] = _grade(grade, f"{path}, line {reader.line_num}")
    if not any(grade for of in grades.values() for grade in of.values()):
        raise EvaluationError(f"{path} judges nothing relevant: at least one grade must be above 0")
    return grades


@dataclass(frozen=True, slots=True)
class Absent:
    """Judgments of products that the catalogue lacks, which no ranking can find, and the queries they belong to."""

    judgments: int = 0
    queries: int = 0

    @classmethod
    def of(cls, grades: Grades, catalogue: Container[str]) -> Absent:
        lacking = [sum(product not in catalogue for product in of) for of in grades.values()]
        return cls(sum(lacking), sum(count > 0 for count in lacking))

    def as_json(self) -> dict[str, int]:
        return {"judgments": self.judgments, "queries": self.queries}


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """`systems` has the measures of each ranking, by name; queries without a positive grade are left out."""

    queries: int
    systems: Mapping[str, Mapping[str, float]]
    absent: Absent = Absent()

    def as_json(self) -> dict[str, object]:
        return {"queries": self.queries, **self.systems, "absent": self.absent.as_json()}


def measure(grades: Grades, rankers: Mapping[str, Ranker], progress: Callable[[int, int], None]) -> RetrievalReport:
    """Each ranker on every answerable query, and as a control the first one judged by the next query's grades.

    The control has to be near zero: whatever else it is, the file or the harness is broken.
    """
    answerable = {query: of for query, of in grades.items() if any(of.values())}
    runs: dict[str, dict[str, Sequence[str]]] = {name: {} for name in rankers}
    for done, query in enumerate(answerable, 1):
        for name, ranker in rankers.items():
            runs[name][query] = ranker(query)
        progress(done, len(answerable))
    queries = list(answerable)
    dealt = {query: answerable[queries[(place + 1) % len(queries)]] for place, query in enumerate(queries)}
    systems = {name: scores(answerable, run) for name, run in runs.items()}
    return RetrievalReport(len(queries), {**systems, "control": scores(dealt, next(iter(runs.values())))})


def scores(grades: Grades, run: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Means over queries; the gain of a grade is 2^grade - 1, and what is unjudged counts as 0 except in condensed."""
    gains = {grade: 2**grade - 1 for grade in range(1, _MOST + 1)}
    measures = {
        "ndcg@10": nDCG(gains=gains) @ 10,
        "condensed_ndcg@10": nDCG(gains=gains, judged_only=True) @ 10,
        "mrr": RR,
        "recall@5": R @ 5,
        "recall@10": R @ 10,
        "unjudged@10": Judged @ 10,
    }
    qrels = [Qrel(query, product, grade) for query, of in grades.items() for product, grade in of.items()]
    ranked = [
        ScoredDoc(query, product, float(len(products) - place))
        for query, products in run.items()
        for place, product in enumerate(products)
    ]
    found = ir_measures.calc_aggregate(list(measures.values()), qrels, ranked) if ranked else {}
    told = {name: float(found.get(measure, 0.0)) for name, measure in measures.items()}
    return {name: round(1 - value if name == "unjudged@10" else value, 4) for name, value in told.items()}


def _grade(text: str, place: str) -> int:
    try:
        grade = float(text)
    except ValueError:
        raise EvaluationError(f"{place}: grade {text!r} is not a number") from None
    if grade != int(grade) or not 0 <= grade <= _MOST:
        raise EvaluationError(f"{place}: grade {text} is not a whole number from 0 to {_MOST}")
    return int(grade)
