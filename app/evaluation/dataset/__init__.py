"""Cases over a shop, with references written by people: what is judged is the last answer, by evaluators."""

from app.evaluation.dataset.judging import Judging
from app.evaluation.dataset.measure import Report, measure
from app.evaluation.dataset.reading import chosen, read_cases
from app.evaluation.dataset.store import read_store
from app.evaluation.dataset.vocabulary import require_known_names

__all__ = ["Judging", "Report", "chosen", "measure", "read_cases", "read_store", "require_known_names"]
