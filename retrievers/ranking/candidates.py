"""Products that came back from the search, with the live facts that decide whether they may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from retrievers.choices import choice_word, stated_choices
from retrievers.facets import ATTRIBUTE, Facets, attribute_names, facets_of, properties
from retrievers.measures import bounds
from retrievers.records import Evidence, FilterItem, ItemFacts, SortBy


@dataclass(frozen=True, slots=True)
class Candidate:
    """`base` is the search's own opinion, at most 1 when browsing and 3.9 when searching; `facts` is None when the
    items could not be read."""

    evidence: Evidence
    base: float
    facts: ItemFacts | None

    @property
    def product_id(self) -> str:
        return str(self.evidence.metadata["product_id"])

    @property
    def price(self) -> float | None:
        """The live price; while the shelf cannot be read the catalogue's: good enough to filter by, never to show."""
        return self.evidence.metadata.get("price") if self.facts is None else self.facts.price

    @property
    def rating(self) -> float | None:
        live = self.facts.rating if self.facts else None
        return live if live is not None else self.evidence.metadata.get("rating")

    @property
    def rating_count(self) -> int | None:
        live = self.facts.rating_count if self.facts else None
        return live if live is not None else self.evidence.metadata.get("rating_count")

    @property
    def stock(self) -> int | None:
        live = self.facts.stock if self.facts else None
        return live if live is not None else self.evidence.metadata.get("stock")

    @property
    def popularity(self) -> float | None:
        live = self.facts.popularity if self.facts else None
        return live if live is not None else self.evidence.metadata.get("popularity")

    @property
    def brand(self) -> str:
        return str(self.evidence.metadata.get("brand") or "").casefold()

    @property
    def heads(self) -> frozenset[str]:
        """Stems of what the product is."""
        return frozenset(self.evidence.metadata.get("heads") or ())

    @property
    def categories(self) -> frozenset[str]:
        return frozenset(str(name).casefold() for name in self.evidence.metadata.get("category") or ())

    @property
    def facets(self) -> Facets:
        """What the card states, as conditions compare it."""
        return facets_of(self.evidence.metadata)

    @property
    def family(self) -> str:
        """Variants of one product share it, so that one card stands for them all."""
        return family_of(self.evidence)


def family_of(product: Evidence) -> str:
    """What its variants have in common: the family it states, else its title."""
    attributes = product.metadata.get("attributes") or {}
    return str(attributes.get("family") or product.title).casefold()


def within_limits(candidate: Candidate, limits: Iterable[FilterItem]) -> bool:
    """Whether live values keep every condition. An unknown stock or rating breaks none (DESIGN section 4)."""
    return all(keeps(candidate, limit) for limit in limits)


def keeps(candidate: Candidate, limit: FilterItem) -> bool:
    """The same as the engines decide from the payload (see `retrievers.index.filters`), on live facts."""
    if limit.field.startswith(ATTRIBUTE):
        return _attribute_keeps(candidate, limit)
    match limit.field:
        case "price":
            return candidate.price is not None and _compares(candidate.price, limit)
        case "stock":
            return candidate.stock is None or _compares(candidate.stock, limit)
        case "rating":
            return candidate.rating is None or _compares(candidate.rating, limit)
        case "brand":
            return _holds({candidate.brand} - {""}, limit)
        case "category":
            return _holds(candidate.categories, limit)
        case "head":
            return _holds(candidate.evidence.metadata.get("heads") or (), limit)
        case _ if limit.field in properties():
            return _holds(candidate.facets.words.get(limit.field, ()), limit)
        case _:
            return True


def sort_key(candidate: Candidate, by: SortBy) -> tuple[bool, float]:
    """Ascending; what is not known comes last in either direction."""
    known = {"price": candidate.price, "rating": candidate.rating, "popularity": candidate.popularity}
    if by.field == "updated_at":
        when = candidate.evidence.updated_at
        figure = None if when is None else when.timestamp()
    elif names := attribute_names(by.field):
        figure = candidate.facets.measures.get(names[0])
    else:
        figure = known[by.field]
    return (True, 0.0) if figure is None else (False, -figure if by.descending else figure)


def searched(hits: Sequence[Evidence], facts: Mapping[str, ItemFacts] | None) -> tuple[Candidate, ...]:
    """Hits of a search; `base` is the fused score."""
    return tuple(_candidate(hit, hit.score, facts) for hit in hits)


def browsed(hits: Sequence[Evidence], facts: Mapping[str, ItemFacts] | None) -> tuple[Candidate, ...]:
    """Products in order of popularity, which has no scale of its own: `base` is the place in that order."""
    return tuple(_candidate(hit, 1 - place / len(hits), facts) for place, hit in enumerate(hits))


def _candidate(hit: Evidence, base: float, facts: Mapping[str, ItemFacts] | None) -> Candidate:
    product_id = str(hit.metadata["product_id"])
    return Candidate(hit, base, facts.get(product_id, ItemFacts(product_id)) if facts is not None else None)


def _attribute_keeps(candidate: Candidate, limit: FilterItem) -> bool:
    names, facets = attribute_names(limit.field), candidate.facets
    if isinstance(limit.value, tuple):
        attributes = candidate.evidence.metadata.get("attributes") or {}
        stated = {choice_word(n, value) for n in names if n in attributes for value in stated_choices(n, attributes[n])}
        return _holds(
            stated, replace(limit, value=tuple(choice_word(n, value) for n in names for value in limit.value))
        )
    if isinstance(limit.value, str):
        said = any(facets.flags.get(name) is (limit.value == "yes") for name in names)
        return said is (limit.op == "in")
    least, most = bounds(limit.op, float(limit.value), limit.unit) if isinstance(limit.value, int | float) else (0, 0)
    figures = (facets.measures[name] for name in names if name in facets.measures)
    return any((least is None or figure >= least) and (most is None or figure <= most) for figure in figures)


def _compares(value: float, limit: FilterItem) -> bool:
    bound = float(limit.value) if isinstance(limit.value, int | float) else value
    match limit.op:
        case "lte":
            return value <= bound
        case "gte":
            return value >= bound
        case _:
            return value == bound


def _holds(values: Iterable[str], limit: FilterItem) -> bool:
    wanted = limit.value if isinstance(limit.value, tuple) else (str(limit.value),)
    found = any(value in wanted for value in values)
    return not found if limit.op == "not_in" else found
