"""What a simulated shopper did before the experiment, and what a shop knows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from random import Random
from statistics import fmean
from typing import Any

from app.evaluation.online.simulation.taste import Shelf, Taste
from retrievers.catalogue import Product
from retrievers.features.descriptions import EVENT_TIMESTAMP, retail_descriptions
from retrievers.features.judging import judged
from retrievers.records import FeatureValue, ShopperFeatures
from tools.ports import EventKind, ShopperEvent

DAY = timedelta(days=1)
# Rows by view out of a shopper's events, as the running shop makes them.
Project = Callable[[str, Sequence[ShopperEvent], Mapping[str, Product]], Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class SimulatedShopper:
    user_id: str
    taste: Taste
    bought: Counter[str]
    features: ShopperFeatures


def simulated(user_id: str, taste: Taste, shelf: Shelf, now: datetime, project: Project) -> SimulatedShopper:
    events = sorted(_events(user_id, taste, shelf, now), key=lambda event: (event.time, event.event_id))
    bought = Counter(event.product_id for event in events if event.kind == "purchase")
    rows = {view: dict(row) for view, row in project(user_id, events, shelf.products).items()}
    for view, known in _told(taste, events, shelf, now).items():
        rows[view] = {**rows.get(view, {EVENT_TIMESTAMP: now - DAY}), **known}
    return SimulatedShopper(user_id, taste, bought, _features(rows, now))


def _events(user_id: str, taste: Taste, shelf: Shelf, now: datetime) -> Iterator[ShopperEvent]:
    """Visits over two months, half of the shoppers within the last day; staples every few weeks besides."""
    rng = Random(f"past {taste.seed}")  # noqa: S311 - no secret
    ages = [rng.expovariate(1 / 15) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.5:
        ages.append(rng.uniform(0.05, 0.9))
    for visit, age in enumerate(ages):
        yield from _visit(f"{user_id}/{visit}", user_id, taste, shelf, now - age * DAY, rng)
    for product_id in sorted(taste.staples):
        for turn in range(rng.randint(1, 3)):
            when = now - (5 + 25 * turn + rng.uniform(0, 8)) * DAY
            price = shelf.products[product_id].price
            yield ShopperEvent(f"{user_id}/again/{turn}", "purchase", user_id, product_id, when, price=price)


def _visit(name: str, user_id: str, taste: Taste, shelf: Shelf, when: datetime, rng: Random) -> Iterator[ShopperEvent]:
    """Looks around in one category, mostly at what is liked, and sometimes buys the best of it."""
    category = rng.choices([*taste.categories], [*taste.categories.values()])[0]
    own = shelf.by_category[category]
    liking = {product.product_id: taste.utility(product, shelf, Counter()) for product in own}
    seen = rng.choices(own, [exp(liking[product.product_id]) for product in own], k=rng.randint(2, 6))
    number = 0

    def event(kind: EventKind, product: Product, dwell_s: float | None = None) -> ShopperEvent:
        nonlocal number, when
        number, when = number + 1, when + timedelta(seconds=30)
        told, product_id = f"{name}/{number}", product.product_id
        return ShopperEvent(told, kind, user_id, product_id, when, price=product.price, dwell_s=dwell_s)

    for product in dict.fromkeys(product.product_id for product in seen):
        yield event("view", shelf.products[product], rng.uniform(20, 240))
        if rng.random() < 0.4:
            yield event("click", shelf.products[product])
    best = max(seen, key=lambda product: (liking[product.product_id], product.product_id))
    if rng.random() < 0.35:
        yield event("cart", best)
        if rng.random() < 0.6:
            yield event("purchase", best)


def _told(taste: Taste, events: Sequence[ShopperEvent], shelf: Shelf, now: datetime) -> dict[str, dict[str, Any]]:
    """What nightly jobs find in events older than a day, and the budget, which half of those with one declare."""
    old = [shelf.products[event.product_id] for event in events if now - event.time > DAY]
    told: dict[str, dict[str, Any]] = {}
    if old:
        category = Counter(product.category[-1] for product in old if product.category).most_common(1)[0][0]
        sense = 1 - fmean(shelf.dearness(product) for product in old)
        told["user_behavior"] = {"favorite_category": category, "price_sensitivity_score": round(sense, 2)}
    if taste.budget is not None and Random(f"declares {taste.seed}").random() < 0.5:  # noqa: S311 - no secret
        told["user_profile"] = {"budget_limit": taste.budget}
    return told


def _features(rows: Mapping[str, Mapping[str, Any]], now: datetime) -> ShopperFeatures:
    """As a feature store gives them back: with their ages, and missing where no row tells."""
    found: dict[str, FeatureValue] = {}
    for name, known in retail_descriptions().items():
        if known.entity == "user":
            view, _, short = name.partition(":")
            row = rows.get(view, {})
            time = row.get(EVENT_TIMESTAMP)
            found[name] = judged(known, row.get(short), time.timestamp() if time else None, now)
    return found
