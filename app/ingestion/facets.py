"""What the whole catalogue tells about its attributes: the unit of bare numbers, and who states what."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import quantiles

from app.ingestion.learnt_units import LearntUnits
from retrievers.catalogue import Product
from retrievers.facets import (
    PLAIN,
    AttributeKind,
    AttributeSummary,
    Facets,
    Spread,
    stated_flag,
    stated_measure,
    stated_words,
)
from retrievers.heads import Kind
from retrievers.measures import Measure

WORD = re.compile(r"[^\W\d_]+")
_LEAST_SHARE, _LEAST_PRODUCTS = 0.05, 2  # of a kind, for the kind to be told apart
_MOST_TOLD, _MOST_KINDS = 500, 150  # attributes and kinds whose summary the index keeps, the commonest first
_USED = 3  # products that state a word, for it to count where it stands in a title
_TAIL = 20  # one in this many figures may lie outside a spread at either end


class CatalogueFacets:
    """Built with all products in view; `of` gives one product's facets."""

    def __init__(self, products: Sequence[Product]) -> None:
        units = LearntUnits(products)
        stated = {product.product_id: _measures(product, units) for product in products}
        dimensions = _dimensions(stated.values())
        self._measures = {
            key: {name: found for name, found in figures.items() if found.unit.dimension == dimensions[name]}
            for key, figures in stated.items()
        }
        words = {product.product_id: stated_words(product.attributes) for product in products}
        known = _common_words(words.values())
        self._words = {
            product.product_id: {**_titled(product, known), **words[product.product_id]} for product in products
        }

    def of(self, product: Product) -> Facets:
        measures = {name: found.base for name, found in self.measures(product).items()}
        flags = {name: said for name, value in product.attributes.items() if (said := stated_flag(value)) is not None}
        return Facets(measures, flags, self._words[product.product_id])

    def measures(self, product: Product) -> Mapping[str, Measure]:
        """Figures in the dimension nearly all products state them in; the others cannot be compared."""
        return self._measures[product.product_id]


def summaries(
    products: Sequence[Product], kinds: Mapping[str, Kind], facets: CatalogueFacets
) -> dict[str, AttributeSummary]:
    """The commonest attributes that conditions can be put on, by name; word properties by the property's name."""
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    heads: Counter[str] = Counter()
    for product in products:
        kind = kinds.get(product.product_id)
        head = kind.heads[0] if kind else ""
        heads[head] += 1
        stated = facets.of(product)
        for name, figure in facets.measures(product).items():
            tallies[name].add_figure(head, figure)
        for name in stated.flags:
            tallies[name].add(head, "flag")
        for name in stated.words:
            tallies[name].add(head, "word")
    told = sorted(tallies.items(), key=lambda pair: (-pair[1].heads.total(), pair[0]))[:_MOST_TOLD]
    return {name: tally.summary(heads) for name, tally in told}


class _Tally:
    """Who states one attribute, and with which figures."""

    def __init__(self) -> None:
        self.heads: Counter[str] = Counter()
        self._kinds: Counter[AttributeKind] = Counter()
        self._units: Counter[str] = Counter()
        self._figures: dict[str, list[float]] = defaultdict(list)

    def add(self, head: str, kind: AttributeKind) -> None:
        self.heads[head] += 1
        self._kinds[kind] += 1

    def add_figure(self, head: str, figure: Measure) -> None:
        self.add(head, "number" if figure.unit is PLAIN else "measure")
        self._figures[head].append(figure.base)
        self._units[figure.unit.name] += 1

    def summary(self, heads: Counter[str]) -> AttributeSummary:
        common = [head for head, count in self.heads.most_common() if head and count >= _LEAST_PRODUCTS]
        telling = [head for head in common if self.heads[head] >= _LEAST_SHARE * heads[head]][:_MOST_KINDS]
        everything = [figure for figures in self._figures.values() for figure in figures]
        return AttributeSummary(
            kind=self._kinds.most_common(1)[0][0],
            products=self.heads.total(),
            unit=(self._units.most_common(1)[0][0] or None) if self._units else None,
            overall=_spread(self.heads.total() / heads.total(), everything),
            heads={head: _spread(self.heads[head] / heads[head], self._figures.get(head, ())) for head in telling},
        )


def _spread(share: float, figures: Sequence[float]) -> Spread:
    if len(figures) < 2:
        low = high = figures[0] if figures else 0.0
    else:
        cuts = quantiles(figures, n=_TAIL, method="inclusive")
        low, high = cuts[0], cuts[-1]
    return Spread(round(share, 3), float(f"{low:.6g}"), float(f"{high:.6g}"))


def _common_words(stated: Iterable[Mapping[str, Iterable[str]]]) -> dict[str, frozenset[str]]:
    """Single words several products state, by property."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for properties in stated:
        for name, words in properties.items():
            counted[name].update(word for word in words if WORD.fullmatch(word))
    return {name: frozenset(word for word, n in counts.items() if n >= _USED) for name, counts in counted.items()}


def _titled(product: Product, known: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """A property no attribute states may be in the title, in words others use for it."""
    titled = set(WORD.findall(product.title.casefold())) - set(WORD.findall((product.brand or "").casefold()))
    return {name: tuple(sorted(titled & words)) for name, words in known.items() if titled & words}


def _measures(product: Product, units: LearntUnits) -> dict[str, Measure]:
    unit_of = units.for_product(product)
    found = {name: stated_measure(name, value, unit_of) for name, value in product.attributes.items()}
    return {name: figure for name, figure in found.items() if figure is not None}


def _dimensions(stated: Iterable[Mapping[str, Measure]]) -> dict[str, str]:
    """Per attribute the dimension most of its figures are in."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for figures in stated:
        for name, figure in figures.items():
            counted[name][figure.unit.dimension] += 1
    return {name: counts.most_common(1)[0][0] for name, counts in counted.items()}
