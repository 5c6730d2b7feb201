"""Candidates of an open question: what the shelf sells, what the shopper bought before, and what goes with that."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from retrievers.ranking.candidates import Candidate
from retrievers.ranking.forecast import PURCHASED, Familiar, place_level, purchased
from retrievers.ranking.selection import Pool
from retrievers.records import Evidence, ItemFacts, ShopperFeatures

Facts = Mapping[str, ItemFacts] | None  # by product id; None when the shelf cannot be read


def open_pool(
    browsed: Sequence[Evidence],
    without: Mapping[str, Sequence[Evidence]],
    familiar: Familiar,
    facts: Facts,
    features: ShopperFeatures,
) -> Pool:
    """`browsed` comes in the catalogue's order of popularity, `without` as it would without one feature's condition.

    What is familiar joins each of them but the one where nothing is known of the shopper's purchases.
    """
    mine = purchased(features)
    known = [found for name, found in familiar.products.items() if name in mine or name in familiar.companions]
    pools = {name: tuple(_candidates(products, known, facts)) for name, products in without.items()}
    if known:
        pools[PURCHASED] = tuple(_candidates(browsed, (), facts))
    return Pool(tuple(_candidates(browsed, known, facts)), pools, familiar)


def _candidates(browsed: Sequence[Evidence], known: Sequence[Evidence], facts: Facts) -> Iterator[Candidate]:
    """`base` is the level of the place in order of recent sales; what nobody bought keeps the order it came in.

    What is known besides takes the place its sales would have, and moves nothing.
    """
    ordered = sorted(browsed, key=lambda product: -_share(product, facts))
    for place, product in enumerate(ordered):
        yield Candidate(product, place_level(place), _of(product, facts))
    shares, listed = [-_share(product, facts) for product in ordered], {product.id for product in ordered}
    for product in known:
        if product.id not in listed:
            place = bisect_right(shares, -_share(product, facts))
            yield Candidate(product, place_level(place), _of(product, facts))


def _share(product: Evidence, facts: Facts) -> float:
    live = _of(product, facts)
    return (live.order_share if live else None) or 0.0


def _of(product: Evidence, facts: Facts) -> ItemFacts | None:
    return facts.get(str(product.metadata["product_id"])) if facts else None
