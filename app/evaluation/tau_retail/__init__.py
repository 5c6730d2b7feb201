"""The public tau-bench retail world in our stores, and its tasks done with our tools."""

from app.evaluation.tau_retail.dataset import Dataset, read_dataset, read_tasks
from app.evaluation.tau_retail.measure import Report, measure

__all__ = ["Dataset", "Report", "measure", "read_dataset", "read_tasks"]
