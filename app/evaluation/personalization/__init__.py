"""Whether an open question's products are those the shopper buys next, measured on past orders.

The ranker is the one `retrieve` runs on open questions: the same recall, candidates, scores and variety, over the
features as they stood just before each shopper's last order.
"""

from app.evaluation.personalization.measure import Report, measure

__all__ = ["Report", "measure"]
