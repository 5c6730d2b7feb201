"""The unit of a column of bare numbers, where the products' own texts repeat its figures with a unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from retrievers.catalogue import Product
from retrievers.facets import PLAIN, UnitOf, stated_measure
from retrievers.measures import Measure, Unit, amounts
from retrievers.measures.units import units

_LEAST_MATCHES, _LEAST_FIGURES = 10, 3  # texts that repeat a figure with a unit, and how many different figures
_AGREEMENT = 0.5  # of the products whose texts state any amount of that dimension
_UNMIXED = 0.9  # of a column's matches in one unit, for the unit to hold where the text is silent
_SAME = 0.01  # relative difference of amounts that mean the same


class LearntUnits:
    """A column may mix units (8 GB beside 512 MB): a product whose text states the figure is believed, then the same
    figure elsewhere, then a column that is nearly all in one unit. Otherwise the unit stays unknown.
    """

    def __init__(self, products: Sequence[Product]) -> None:
        votes: dict[str, Counter[Unit]] = defaultdict(Counter)
        comparable: dict[str, Counter[str]] = defaultdict(Counter)
        self._figures: dict[tuple[str, Unit], Counter[float]] = defaultdict(Counter)
        self._told = {product.product_id: _amounts(product) for product in products}
        for product in products:
            told = self._told[product.product_id]
            dimensions = {amount.unit.dimension for amount in told}
            for name, figure in _bare(product) if told else ():
                comparable[name].update(dimensions)
                for unit in _units_of(figure, told):
                    votes[name][unit] += 1
                    self._figures[name, unit][figure] += 1
        self._units = {name: self._agreed(name, counted, comparable[name]) for name, counted in votes.items()}

    def for_product(self, product: Product) -> UnitOf:
        told = self._told[product.product_id]
        return lambda name, figure: self._unit(name, figure, told)

    def _unit(self, name: str, figure: float, told: Sequence[Measure]) -> Unit | None:
        known = self._units.get(name)
        if not known:
            return None
        own = [unit for unit in _units_of(figure, told) if unit in known]
        same = [unit for unit in known if self._figures[name, unit][figure]]
        if own or same:
            return max(own or same, key=lambda unit: self._figures[name, unit][figure])
        first, count = known.most_common(1)[0]
        return first if count >= _UNMIXED * known.total() else None

    def _agreed(self, name: str, votes: Counter[Unit], comparable: Mapping[str, int]) -> Counter[Unit]:
        """The units of the one dimension that most texts agree on; none without enough agreement."""
        best, count = votes.most_common(1)[0]
        enough = count >= _LEAST_MATCHES and len(self._figures[name, best]) >= _LEAST_FIGURES
        if not enough or count < _AGREEMENT * comparable[best.dimension]:
            return Counter()
        return Counter({unit: n for unit, n in votes.items() if unit.dimension == best.dimension})


def _bare(product: Product) -> list[tuple[str, float]]:
    """Numbers that no unit comes with."""
    found = ((name, stated_measure(name, value)) for name, value in product.attributes.items())
    return [(name, stated.figure) for name, stated in found if stated and stated.unit is PLAIN]


def _amounts(product: Product) -> list[Measure]:
    return list(dict.fromkeys(amounts(f"{product.title}. {product.description}")))


def _units_of(figure: float, told: Sequence[Measure]) -> set[Unit]:
    """Units in which this figure is one of the told amounts; "1.8 kg" also tells that 1800 is in grams."""
    found = {amount.unit for amount in told if amount.figure == figure}
    if found or not figure:
        return found
    return {
        unit
        for amount in told
        for unit in _relatives(amount.unit.dimension)
        if abs(figure * unit.factor - amount.base) <= _SAME * amount.base
    }


@cache
def _relatives(dimension: str) -> tuple[Unit, ...]:
    return tuple(unit for unit in units().values() if unit.dimension == dimension)
