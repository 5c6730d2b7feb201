"""Runs the designs on judged queries, each asked by a shopper whose limits rule out about half of what is relevant."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.evaluation.retrieval import Grades, scores
from benchmarks.parallel.designs import WINDOW, DelayedFeatures, Design, now
from retrievers.catalogue import Product
from retrievers.records import FeatureValue, ShopperFeatures

DELAYS_MS = (1, 5, 20, 50, 200)


@dataclass(frozen=True, slots=True)
class Shopper:
    """Asks one query, with a budget and a brand to leave out."""

    query: str
    budget: float
    excluded: str

    @property
    def features(self) -> ShopperFeatures:
        declared = {"user_profile:budget_limit": self.budget, "user_profile:excluded_brands": [self.excluded]}
        return {name: FeatureValue(name, value, "online", now(), 0.0) for name, value in declared.items()}

    def allows(self, product: Product) -> bool:
        return product.price is not None and product.price <= self.budget and _brand(product) != self.excluded


@dataclass(frozen=True, slots=True)
class Result:
    """Of one design at one delay: milliseconds of a turn, and what its products were worth."""

    p50_ms: float
    p90_ms: float
    ndcg: float  # @10, a product that breaks a limit gaining nothing
    broken: float  # share of the products shown that break a limit
    filled: float  # share of the ten places that could be filled and were


def shoppers(grades: Grades, products: Mapping[str, Product]) -> list[Shopper]:
    """One a query that has two relevant products with prices: the median price, and the commonest of their brands."""
    found = []
    for query, of in grades.items():
        relevant = [products[key] for key, grade in of.items() if grade and key in products]
        prices = [product.price for product in relevant if product.price is not None]
        brands = Counter(_brand(product) for product in relevant)
        if len(prices) > 1:
            excluded = brands.most_common(1)[0][0] if len(brands) > 1 else ""
            found.append(Shopper(query, statistics.median(prices), excluded))
    return [one for one in found if any(one.allows(products[key]) for key, grade in grades[one.query].items() if grade)]


def run(
    designs: Mapping[str, Design],
    features: DelayedFeatures,
    asking: Sequence[Shopper],
    grades: Grades,
    products: Mapping[str, Product],
    repeat: int,
    progress: Callable[[str], None],
) -> dict[str, dict[str, Result]]:
    """By delay in milliseconds and design. The designs take turns, so that whatever else runs slows all alike."""
    results = {}
    for delay in DELAYS_MS:
        features.delay_s = delay / 1000
        took, shown = asyncio.run(_ask(designs, asking, repeat))
        results[str(delay)] = {name: _result(took[name], shown[name], asking, grades, products) for name in designs}
        progress(f"features after {delay} ms: done")
    return results


async def _ask(
    designs: Mapping[str, Design], asking: Sequence[Shopper], repeat: int
) -> tuple[dict[str, list[float]], dict[str, dict[str, list[str]]]]:
    took: dict[str, list[float]] = {name: [] for name in designs}
    shown: dict[str, dict[str, list[str]]] = {name: {} for name in designs}
    gc.collect()
    gc.freeze()
    for again in range(repeat + 1):
        for shopper in asking:
            for name, design in designs.items():
                started = time.perf_counter()
                found = await design(shopper.query, shopper.query)
                if again:  # the first round warms up
                    took[name].append((time.perf_counter() - started) * 1000)
                shown[name][shopper.query] = found
    return took, shown


def _result(
    took: Sequence[float],
    shown: Mapping[str, Sequence[str]],
    asking: Sequence[Shopper],
    grades: Grades,
    products: Mapping[str, Product],
) -> Result:
    allowed = {
        one.query: {key: g for key, g in grades[one.query].items() if key in products and one.allows(products[key])}
        for one in asking
    }
    places = [(one, products[key]) for one in asking for key in shown[one.query]]
    broken = sum(not one.allows(product) for one, product in places)
    kept = {one.query: [key for key in shown[one.query] if one.allows(products[key])] for one in asking}
    cuts = statistics.quantiles(took, n=10)
    return Result(
        p50_ms=round(statistics.median(took), 2),
        p90_ms=round(cuts[8], 2),
        ndcg=scores(allowed, kept)["ndcg@10"],
        broken=round(broken / max(len(places), 1), 4),
        filled=round(sum(len(of) for of in kept.values()) / (WINDOW * len(asking)), 4),
    )


def _brand(product: Product) -> str:
    return (product.brand or "").casefold()
