"""Journeys: what shoppers want, turn by turn, and what must come of it; never how it is said."""

from app.evaluation.journeys.measure import Report, measure
from app.evaluation.journeys.reading import read_journeys
from app.evaluation.journeys.worlds import Base, Worlds

__all__ = ["Base", "Report", "Worlds", "measure", "read_journeys"]
