"""The ladder from no evidence to the whole assistant, each rung judged by the same cases."""

from app.evaluation.ablation.climbing import Climb, climb
from app.evaluation.ablation.rungs import RUNGS, Rung

__all__ = ["RUNGS", "Climb", "Rung", "climb"]
