"""Events into rows of features: pure functions of what was known before, what happened since, and the catalogue.

What others wrote into a view (a nightly job, an import) is its baseline and counts up to its own time; only later
events are added to it. So the same events make the same rows, however often and in whatever order they come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any

from retrievers.catalogue import Product
from retrievers.features.descriptions import FeatureDescription
from retrievers.purchases.ledger import KEPT
from tools.ports import EventKind, ShopperEvent

HOUR, DAY, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=30)
LONGEST_LOOK_S = 1800.0  # a page left open any longer is not being looked at
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Row = dict[str, Any]
Descriptions = Mapping[str, FeatureDescription]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A view's values by short name as somebody else wrote them, true at `at`."""

    at: datetime
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cart:
    """As it is now; `at` is when it last changed. `total` is None where a price is not known."""

    total: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """Everything the rows of one shopper are made from."""

    user_id: str
    events: Sequence[ShopperEvent]
    products: Mapping[str, Product]
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    cart: Cart | None = None  # None: this shopper never had one


def project(happened: Happened, descriptions: Descriptions) -> dict[str, Row]:
    """Whole rows by view, of the views about which anything happened since their baseline."""
    rows: dict[str, Row] = {}
    for view, (kinds, make) in _VIEWS.items():
        since = _Since.of(view, kinds, happened, descriptions)
        if since is not None:
            rows[view] = {"user_id": happened.user_id, "event_timestamp": since.at, **make(since)}
    return rows


def row_times(happened: Happened) -> dict[str, datetime]:
    """The `event_timestamp` each projected row will have; needs no products."""
    rows = {view: _Since.of(view, kinds, happened, {}) for view, (kinds, _) in _VIEWS.items()}
    return {view: since.at for view, since in rows.items() if since is not None}


@dataclass(frozen=True, slots=True)
class _Since:
    """What happened since a view's baseline, the oldest first; `at` is when its row is true."""

    events: Sequence[ShopperEvent]
    at: datetime
    held: Mapping[str, Any]  # of the baseline what has not outlived itself
    products: Mapping[str, Product]
    cart: Cart | None

    @classmethod
    def of(
        cls, view: str, kinds: Collection[EventKind], happened: Happened, descriptions: Descriptions
    ) -> _Since | None:
        """None when nothing happened that the view is about."""
        baseline = happened.baselines.get(view)
        after = baseline.at if baseline else _LONG_AGO
        told = [event for event in happened.events if event.kind in kinds and event.time > after]
        cart = happened.cart if view == "user_session" else None
        times = [event.time for event in told] + ([cart.at] if cart and cart.at > after else [])
        if not times:
            return None
        at = max(times)
        held = _alive(view, baseline, at, descriptions) if baseline else {}
        return cls(sorted(told, key=lambda event: (event.time, event.event_id)), at, held, happened.products, cart)

    def last(self, *kinds: EventKind) -> ShopperEvent | None:
        return next((event for event in reversed(self.events) if event.kind in kinds), None)

    def within(self, age: timedelta, *kinds: EventKind) -> list[ShopperEvent]:
        return [event for event in self.events if event.kind in kinds and self.at - event.time < age]

    def product(self, event: ShopperEvent) -> Product | None:
        """None for one that has left the catalogue."""
        return self.products.get(event.product_id)

    def category(self, event: ShopperEvent) -> str | None:
        """The narrowest."""
        product = self.product(event)
        return product.category[-1] if product and product.category else None

    def brand(self, event: ShopperEvent) -> str | None:
        product = self.product(event)
        return product.brand if product else None


def _alive(view: str, baseline: Baseline, at: datetime, descriptions: Descriptions) -> dict[str, Any]:
    def lives(name: str) -> bool:
        description = descriptions.get(f"{view}:{name}")
        return description is not None and at - baseline.at <= description.lifetime

    return {name: value for name, value in baseline.values.items() if value is not None and lives(name)}


def _session(since: _Since) -> Row:
    seen, bought, held = since.last("view", "click"), since.last("purchase"), since.held
    return {
        "last_viewed_product": seen.product_id if seen else held.get("last_viewed_product"),
        "last_viewed_brand": since.brand(seen) if seen else held.get("last_viewed_brand"),
        "last_viewed_category": since.category(seen) if seen else held.get("last_viewed_category"),
        "views_last_hour": len(since.within(HOUR, "view")) + held.get("views_last_hour", 0),
        "cart_total": since.cart.total if since.cart else held.get("cart_total"),
        "last_purchase_product": bought.product_id if bought else held.get("last_purchase_product"),
        "last_purchase_category": since.category(bought) if bought else held.get("last_purchase_category"),
        "last_purchased_at": bought.time if bought else held.get("last_purchased_at"),
    }


def _clicks(since: _Since) -> Row:
    """Both looking and clicking are counted. Where no time was told, how often decides what is browsed most."""
    today, held = since.within(DAY, "view", "click"), since.held
    minutes = defaultdict(float, held.get("browse_minutes") or {})
    touches = Counter(dict.fromkeys(minutes, 0))
    if favourite := held.get("favorite_category"):
        touches[favourite] += held.get("click_count") or 0
    for event in today:
        if (category := since.category(event)) is not None:
            touches[category] += 1
            minutes[category] += min(event.dwell_s or 0.0, LONGEST_LOOK_S) / 60
    most = max(sorted(touches), key=lambda name: (minutes[name], touches[name]), default=None)
    return {
        "click_count": len(today) + (held.get("click_count") or 0),
        "favorite_category": most,
        "browse_minutes": {name: round(spent, 1) for name, spent in sorted(minutes.items()) if spent > 0} or None,
    }


def _behaviour(since: _Since) -> Row:
    """Long-term taste and price sensitivity are a job's to compute, over everything: they stay as they were."""
    seen, held = since.last("view", "click"), since.held
    purchases = since.within(MONTH, "purchase")
    return {
        "favorite_category": held.get("favorite_category"),
        "avg_order_value": _average_order(purchases, held),
        "total_purchases_30d": len(purchases) + (held.get("total_purchases_30d") or 0),
        "last_viewed_brand": since.brand(seen) if seen else held.get("last_viewed_brand"),
        "price_sensitivity_score": held.get("price_sensitivity_score"),
    }


def _average_order(purchases: Sequence[ShopperEvent], held: Mapping[str, Any]) -> float | None:
    """What was bought at one time is one order. An average weighs as many orders as there were purchases before."""
    orders = defaultdict[datetime, list[ShopperEvent]](list)
    for event in purchases:
        orders[event.time].append(event)
    totals = [
        sum((event.price or 0.0) * event.quantity for event in order)
        for order in orders.values()
        if all(event.price is not None for event in order)
    ]
    if (before := held.get("avg_order_value")) is not None:
        totals += [before] * max(1, int(held.get("total_purchases_30d") or 0))
    return round(fmean(totals), 2) if totals else None


def _purchased(since: _Since) -> Row:
    """Of more products than a ledger keeps, those bought most often stay; of as often, those bought now."""
    now = Counter(event.product_id for event in since.events)
    times = now + Counter(since.held.get("purchased_products") or {})
    kept = sorted(times, key=lambda product_id: (-times[product_id], product_id not in now, product_id))[:KEPT]
    return {"purchased_products": {product_id: times[product_id] for product_id in sorted(kept)}}


_VIEWS: Mapping[str, tuple[tuple[EventKind, ...], Callable[[_Since], Row]]] = {
    "user_session": (("view", "click", "purchase"), _session),
    "user_clicks_last_24h": (("view", "click"), _clicks),
    "user_behavior": (("view", "click", "purchase"), _behaviour),
    "user_purchases": (("purchase",), _purchased),
}
VIEWS = tuple(_VIEWS)
