"""Which products to show, in which order, and which facts made the difference: pure functions."""

from retrievers.ranking.candidates import browsed, searched
from retrievers.ranking.fit import Asked
from retrievers.ranking.selection import POPULARITY, Pool, Ranked, Selection, select

__all__ = ["POPULARITY", "Asked", "Pool", "Ranked", "Selection", "browsed", "searched", "select"]
