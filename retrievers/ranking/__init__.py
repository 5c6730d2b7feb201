"""Which products to show, in which order, and which facts made the difference: pure functions."""

from retrievers.ranking.browsing import open_pool
from retrievers.ranking.candidates import browsed, searched
from retrievers.ranking.fit import Asked
from retrievers.ranking.selection import POPULARITY, Pool, Selection, choose, select
from retrievers.ranking.variety import Ranked

__all__ = ["POPULARITY", "Asked", "Pool", "Ranked", "Selection", "browsed", "choose", "open_pool", "searched", "select"]
