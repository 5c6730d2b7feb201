"""The public tau-bench retail world in our stores, and its tasks done with our tools or in conversation."""

from app.evaluation.tau_retail.catalogue import products_of
from app.evaluation.tau_retail.dataset import Dataset, read_dataset, read_tasks
from app.evaluation.tau_retail.measure import Report, measure

__all__ = ["Dataset", "Report", "measure", "products_of", "read_dataset", "read_tasks"]
